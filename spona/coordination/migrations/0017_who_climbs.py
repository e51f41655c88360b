"""What goes up is read from an index again: an emergency climbs as well, and some are told of
nothing else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coordination", "0016_who_led_before_a_handover")]
    operations = [
        migrations.RemoveIndex(model_name="notice", name="notice_goes_up"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["organisation", "-at", "-id"],
                condition=models.Q(
                    read_at=None,
                    kind__in=["late", "obstacle", "went_on", "closed_late", "unbound", "emergency"],
                ),
                name="notice_goes_up",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["organisation", "-at", "-id"],
                condition=models.Q(read_at=None, kind="emergency"),
                name="notice_of_emergency",
            ),
        ),
    ]
