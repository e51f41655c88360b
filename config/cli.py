"""The `spona` command.

`spona conduct ...` and `spona names link ...` are pure and need neither settings nor a database;
everything else is a management command of Django under the project's name.
"""

import os
import sys

NEED_NO_DATABASE: tuple[list[str], ...] = (["messages"], ["help"], [])


def main() -> int:
    if sys.argv[1:2] == ["conduct"]:
        from spona.conduct.command import main as conduct

        return conduct(sys.argv[2:])
    if sys.argv[1:3] == ["names", "link"]:
        from spona.names.linking.command import main as link

        return link(sys.argv[3:])
    if sys.argv[1:3] == ["names", "evaluate"]:
        # Invented people in a database of their own on the embedded server: no instance's keys.
        os.environ["SPONA_DEMO"] = "1"
        os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config import devdb

    if not os.environ.get("DATABASE_URL") and sys.argv[1:2] not in NEED_NO_DATABASE:
        devdb.start()
    execute_from_command_line(sys.argv)
    return 0
