from django.db import migrations

from portal.append_only import guard


class Migration(migrations.Migration):
    """The history of rolls only grows (PRODUCT.md, rule 20)."""

    dependencies = [("sharing", "0001_initial")]

    operations = [guard("sharing_attendanceevent")]
