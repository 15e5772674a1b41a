"""What runs outside of a request: a round of letters to readers every minute."""

from datetime import timedelta

from django.utils import timezone

from portal.follow.rounds import send_followed
from portal.rounds import every


@every(timedelta(minutes=1))
def follow() -> None:
    """Send what is due."""
    send_followed(timezone.now())
