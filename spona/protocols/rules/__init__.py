"""Rule books as a table: pure, without Django, clock or database."""
