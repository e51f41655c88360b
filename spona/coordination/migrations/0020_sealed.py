"""What institutions tell each other of a child stands sealed."""

from django.db import migrations
from django.db.models import CheckConstraint, DateTimeField, Q

from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.base.sealing.migrating import SealField

# They ask for empty text, of which the type changes.
CONSTRAINTS = [
    ("disclosure", "what_ended_holds_no_value", Q(ended_at=None) | Q(value=None)),
    ("disclosure", "what_left_in_a_file_is_gone", Q(run__isnull=False) | Q(value=None)),
]


class Migration(migrations.Migration):
    dependencies = [("coordination", "0019_row_of_a_duty")]
    operations = [
        *(migrations.RemoveConstraint(model, name) for model, name, _condition in CONSTRAINTS),
        SealField("referral", "answer", SealedTextField(blank=True)),
        SealField("disclosure", "value", SealedJSONField(null=True)),
        SealField("message", "text", SealedTextField()),
        SealField("notification", "package", SealedJSONField()),
        SealField("handover", "refusal", SealedTextField(blank=True)),
        SealField("handoveritem", "what", SealedTextField(max_length=200)),
        SealField("handoveritem", "note", SealedTextField(max_length=200, blank=True)),
        SealField("obstacle", "note", SealedTextField(blank=True)),
        SealField("externalrecord", "payload", SealedJSONField(default=dict)),
        SealField("importedreferral", "row", SealedJSONField(null=True)),
        SealField("importedreferral", "transitions", SealedJSONField(default=list)),
        SealField("runevent", "source_of_knowledge", SealedTextField(max_length=300, blank=True)),
        SealField("runevent", "reason", SealedTextField(blank=True)),
        SealField("runevent", "form", SealedJSONField(default=dict)),
        SealField("binding", "name", SealedTextField(max_length=200, blank=True)),
        migrations.AddField("notification", "forgotten_at", DateTimeField(null=True)),
        *(
            migrations.AddConstraint(model, CheckConstraint(condition=condition, name=name))
            for model, name, condition in CONSTRAINTS
        ),
    ]
