"""What was said of a child, and by whom, stands sealed."""

from django.db import migrations
from django.db.models import CheckConstraint, Q

from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.base.sealing.migrating import SealField

# They ask for empty text, of which the type changes.
CONSTRAINTS = [
    ("encounter", "a_light_contact_has_no_name", ~Q(kind="light") | Q(name_said="")),
    ("encounter", "what_is_anonymised_says_nothing", Q(anonymised_at=None) | Q(name_said="", note="", place_note="")),
    ("placement", "a_deviation_has_a_reason", Q(deviation=False) | ~Q(reason="")),
    ("goal", "a_goal_says_who_does_it", Q(organisation__isnull=False) | ~Q(person="")),
    ("goal", "a_dropped_goal_says_why", ~Q(state="dropped") | ~Q(reason="")),
    ("closurerequest", "a_returned_proposal_says_why", Q(returned_at=None) | (Q(confirmed_at=None) & ~Q(return_reason=""))),
    ("conference", "minutes_are_of_what_was_held", ~Q(held_at=None) | Q(minutes="")),
    ("interpreting", "nobody_interprets_or_somebody_does", Q(mode="none", interpreter_name="", interpreter=None, child="")
        | (~Q(mode="none") & ~Q(interpreter_name="") & ~Q(child=""))),
    ("interpreting", "a_conflict_of_an_interpreter_has_a_reason", Q(conflicts=[]) | Q(child="refused") | ~Q(conflict_reason="")),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_seen_without_sorting")]
    operations = [
        *(migrations.RemoveConstraint(model, name) for model, name, _condition in CONSTRAINTS),
        SealField("encounter", "place_note", SealedTextField(max_length=200, blank=True)),
        SealField("encounter", "name_said", SealedTextField(max_length=120, blank=True)),
        SealField("encounter", "note", SealedTextField(blank=True)),
        SealField("placement", "place", SealedTextField(max_length=200, blank=True)),
        SealField("placement", "reason", SealedTextField(blank=True)),
        SealField("guardianship", "guardian_name", SealedTextField(max_length=120)),
        SealField("guardianship", "guardian_phone", SealedTextField(max_length=40, blank=True)),
        SealField("note", "text", SealedTextField()),
        SealField("noteversion", "text", SealedTextField()),
        SealField("document", "title", SealedTextField(max_length=200)),
        SealField("document", "original_name", SealedTextField(max_length=150)),
        SealField("assessment", "answers", SealedJSONField(default=dict)),
        SealField("assessment", "restricted", SealedJSONField(default=dict)),
        SealField("assessmentversion", "answers", SealedJSONField(default=dict)),
        SealField("assessmentversion", "restricted", SealedJSONField(default=dict)),
        SealField("plan", "aim", SealedTextField()),
        SealField("plan", "child_view", SealedTextField()),
        SealField("planversion", "aim", SealedTextField()),
        SealField("planversion", "child_view", SealedTextField()),
        SealField("goal", "what", SealedTextField(max_length=400)),
        SealField("goal", "person", SealedTextField(max_length=120, blank=True)),
        SealField("goal", "known_by", SealedTextField(max_length=400)),
        SealField("goal", "reason", SealedTextField(max_length=400, blank=True)),
        SealField("planreview", "changed", SealedTextField()),
        SealField("planreview", "child_view", SealedTextField()),
        SealField("closurerequest", "summary", SealedTextField()),
        SealField("closurerequest", "remains", SealedTextField()),
        SealField("closurerequest", "return_reason", SealedTextField(max_length=400, blank=True)),
        SealField("conference", "minutes", SealedTextField(blank=True)),
        SealField("conferenceparticipant", "name", SealedTextField(max_length=120)),
        SealField("conferencedecision", "text", SealedTextField()),
        SealField("interpreting", "interpreter_name", SealedTextField(max_length=120, blank=True)),
        SealField("interpreting", "conflict_reason", SealedTextField(max_length=400, blank=True)),
        SealField("interpreting", "purpose", SealedTextField(max_length=200)),
        SealField("caseparty", "name", SealedTextField(max_length=120)),
        SealField("caseparty", "phone", SealedTextField(max_length=40, blank=True)),
        SealField("caseaccess", "reason", SealedTextField(max_length=400, blank=True)),
        SealField("legalbasis", "given_by_name", SealedTextField(max_length=120, blank=True)),
        SealField("legalbasis", "interpreter_name", SealedTextField(max_length=120, blank=True)),
        SealField("legalbasis", "present", SealedJSONField(default=list, blank=True)),
        SealField("legalbasis", "note", SealedTextField(max_length=400, blank=True)),
        SealField("legalbasis", "reviewed_note", SealedTextField(max_length=400, blank=True)),
        SealField("legalbasis", "withdrawn_why", SealedTextField(max_length=400, blank=True)),
        *(
            migrations.AddConstraint(model, CheckConstraint(condition=condition, name=name))
            for model, name, condition in CONSTRAINTS
        ),
    ]
