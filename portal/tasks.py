"""What runs outside of a request and belongs to no subject of the portal's: pages by their schedule, tidying at night."""

from datetime import time, timedelta

from django.core.management import call_command

from portal.follow.tasks import follow
from portal.pictures.tasks import look_after_pictures
from portal.rounds import every, nightly
from portal.search.tasks import renew_index

__all__ = ["follow", "look_after_pictures", "publish_due", "renew_index", "tidy"]

LATER = -70  # after whatever else waits
NIGHT = time(3, 40)
LOGINS_KEPT = 200  # days; the Cybersecurity Law asks for six months of logs (Art. 21), nobody for more
RESULTS_KEPT = 14  # days; what a task came to


@every(timedelta(minutes=1))
def publish_due() -> None:
    """Publish pages whose time has come, take down those whose time is over."""
    call_command("publish_scheduled", verbosity=0)


@nightly(NIGHT, priority=LATER)
def tidy() -> None:
    """Throw away sessions that ended, logins long ago and what tasks came to: nobody needs them, they name people."""
    call_command("clearsessions", verbosity=0)
    call_command("axes_reset_logs", age=LOGINS_KEPT, verbosity=0)
    call_command("prune_db_task_results", min_age_days=RESULTS_KEPT, verbosity=0)
