"""What leaves the portal as a file is noted: who took it, of what, and of how many."""

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Year
from stations.models import Area


@transaction.atomic
def note_export(*, year: Year, people: int, area: Area | None, actor: User) -> None:
    """Note that `actor` took the scores of a year out as a file (THREATS 35)."""
    record("scoring.export", year, actor=actor, people=people, area=area.code if area else "")


@transaction.atomic
def note_list(*, actor: User, rows: int) -> None:
    """Note that `actor` took a list of proposals with their movers out as a file (THREATS 35)."""
    record("scoring.export", actor, actor=actor, proposals=rows)
