"""What the clock does for the search."""

from __future__ import annotations

from procrastinate.contrib.django import app

from spona.people.actions import words_count


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="people_count_words")
def count_words(timestamp: int) -> None:
    """Each night."""
    words_count()
