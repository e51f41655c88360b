"""The tests connect as the website does; otherwise they would prove nothing."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_work_as_the_app_and_cannot_bypass_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("spona_app", False, False)
