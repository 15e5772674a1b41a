"""What runs outside of a request: letters about accounts; lists of people that nobody applied are not kept."""

from datetime import time

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from portal.models import User
from portal.rounds import nightly
from stations.letters import tell_of_second_factor
from stations.operations import forget_registers

LATER = -70  # after whatever else waits
NIGHT = time(3, 45)


@nightly(NIGHT, priority=LATER)
def forget_lists() -> None:
    """Throw away lists of representatives that were read and not applied within a day."""
    forget_registers(moment=timezone.now())


@task()
def tell_second_factor(account_pk: int) -> None:
    """Tell the owner of an account by letter that its second step is off, where letters are sent and there is an address."""
    account = User.objects.filter(pk=account_pk, is_active=True).exclude(email="").first()
    if account and settings.SENDS_LETTERS:
        tell_of_second_factor(account)
