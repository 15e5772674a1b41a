from django.db import migrations

from portal.append_only import guard


class Migration(migrations.Migration):
    """Frozen sheets and the year's history only grow."""

    dependencies = [("scoring", "0001_initial")]

    operations = [guard("scoring_frozensheet"), guard("scoring_yearevent")]
