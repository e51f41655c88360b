"""The application server's entry: it does not start while a security check fails."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if faults := [fault for fault in run_checks(tags=[Tags.security]) if fault.level >= 40]:
    raise SystemExit("\n".join(str(fault) for fault in faults))

from django.db import connection

from spona.protocols.models import Version, warm

if Version._meta.db_table in connection.introspection.table_names():
    warm()
connection.close()
# What was loaded until now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
