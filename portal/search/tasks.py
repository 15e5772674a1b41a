"""What runs outside of a request: a round each night that builds the index of the search anew."""

from datetime import time

from django.core.management import call_command

from portal.rounds import nightly

LATER = -60  # after whatever else waits
NIGHT = time(3, 20)  # local time, when the site is read least


@nightly(NIGHT, priority=LATER)
def renew_index() -> None:
    """Build the index anew.

    A renamed station or speaker, a theme or a tag reaches the pages that name it, and what is gone leaves.
    """
    call_command("update_index", verbosity=0)
