"""Access to a case: in an emergency, and as the owner grants it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Membership, Organisation
from spona.accounts.roles import ROLES, May
from spona.cases import codes
from spona.cases.actions.access import LONGEST_GRANT, NO_END, NO_REASON
from spona.cases.actions.emergency import SAY_WHY, WORDS_AT_LEAST
from spona.cases.codes import sharing
from spona.cases.forms import NamedField, day_field

WHOLE = "whole"
WORKING = tuple(key for key, role in ROLES.items() if May.WORK_ON_CASES in role.may)


def _emergencies() -> list[tuple[str, str]]:
    return codes.choices(sharing.emergencies())


class EmergencyForm(forms.Form):
    """One has to know the code and whose case it is; both come by telephone or from a paper."""

    organisation = NamedField(
        label=_("Institution that owns the case"),
        queryset=Organisation.objects.filter(suspended_at=None, uses_spona=True),
    )
    code = forms.CharField(label=_("Code of the case"), max_length=24)
    reason_code = forms.ChoiceField(
        label=_("What has happened"), choices=_emergencies, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("In a sentence"),
        help_text=_("The owner reads it at once. No names."),
        min_length=WORDS_AT_LEAST,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": SAY_WHY, "required": SAY_WHY},
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip()


class InstitutionForm(forms.Form):
    """The first step of a grant."""

    organisation = NamedField(
        label=_("Institution"),
        queryset=Organisation.objects.filter(suspended_at=None, uses_spona=True),
    )


class GrantForm(forms.Form):
    """Who in that institution, why, until when."""

    user = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why they need to see the case"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON},
    )
    last_day = day_field(_("Until which day"), help_text=_("At most 90 days."))

    def __init__(self, *args: Any, organisation: Organisation, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        working = Membership.objects.active().filter(organisation=organisation)
        found = working.with_role(*WORKING).select_related("user").order_by("user__name")
        self.people = {str(one.user_id): one.user for one in found}
        whole = (WHOLE, _("Everybody there who sees all cases of the institution"))
        people = [(key, str(one)) for key, one in self.people.items()]
        self.fields["user"].choices = [*people, whole]  # type: ignore[attr-defined]

    def clean_last_day(self) -> date:
        last: date = self.cleaned_data["last_day"]
        today = timezone.localdate(self.at)
        if not today <= last < today + LONGEST_GRANT:
            raise ValidationError(str(NO_END))
        return last

    def said(self) -> dict[str, Any]:
        """What `access_grant` takes."""
        after = self.cleaned_data["last_day"] + timedelta(days=1)
        return {
            "user": self.people.get(self.cleaned_data["user"]),
            "reason": self.cleaned_data["reason"],
            "until": timezone.make_aware(datetime.combine(after, time())),
        }
