"""What runs outside of a request: lists of people that nobody applied are not kept."""

from datetime import time

from django.utils import timezone

from portal.rounds import nightly
from stations.operations import forget_registers

LATER = -70  # after whatever else waits
NIGHT = time(3, 45)


@nightly(NIGHT, priority=LATER)
def forget_lists() -> None:
    """Throw away lists of representatives that were read and not applied within a day."""
    forget_registers(moment=timezone.now())
