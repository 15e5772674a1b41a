"""What runs outside of a request: a round of reminders every minute."""

from datetime import timedelta

from django.utils import timezone

from portal.rounds import every
from sessions.reminders.rounds import send_due


@every(timedelta(minutes=1))
def remind() -> None:
    """Send what is due."""
    send_due(timezone.now())
