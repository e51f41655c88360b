import pytest

from spona.accounts.tests.factories import person, signed_in


@pytest.mark.django_db
def test_a_made_up_person_is_synthetic_and_acts_in_one_organisation() -> None:
    officer = person("duty_officer")
    colleague = person("case_manager", officer.organisation)
    assert officer.user.synthetic
    assert officer.organisation.type.code == "CSR"
    assert officer.organisation.covers.get() == officer.organisation.municipality
    assert officer.actor().reach == "organisation"
    assert colleague.actor().organisation_id == officer.organisation_id
    assert person("police_officer").organisation.type.code == "MUP"


@pytest.mark.django_db
def test_a_made_up_person_can_sign_in() -> None:
    client = signed_in(person("guardian"))
    assert "_auth_user_id" in client.session
