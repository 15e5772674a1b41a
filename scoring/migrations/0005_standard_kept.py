from django.db import migrations, models

from portal.append_only import guard_once


class Migration(migrations.Migration):
    """What was adopted stays as it is, and one version of a code at a time is in force."""

    dependencies = [("scoring", "0004_standard_life")]

    operations = [
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("adopted_at__isnull", True), ("effective_from__isnull", False), _connector="OR"
                ),
                name="adopted_standard_has_first_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_example", True),
                    ("adopted_by__isnull", True),
                    models.Q(("adopted_by", models.F("stored_by")), _negated=True),
                    _connector="OR",
                ),
                name="standard_adopted_by_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("adopted_at__isnull", False), ("effective_to__isnull", True)),
                fields=("code",),
                name="one_standard_in_force_a_code",
            ),
        ),
        guard_once("scoring_standard", "adopted_at", ("code", "version", "text", "digest", "effective_from")),
    ]
