"""Writes of personal calendars: open one's address, replace it, close it (rule 24)."""

from datetime import datetime

from django.db import transaction

from portal.audit import record
from portal.models import User
from sessions.models import CalendarToken
from stations.models import Representative


@transaction.atomic
def open_calendar(*, representative: Representative, actor: User, moment: datetime) -> CalendarToken:
    """Return the living address of the person's calendar; make one when there is none. Twice changes nothing."""
    _lock(representative)
    living = _living(representative)
    if living:
        return living
    made: CalendarToken = CalendarToken.objects.create(representative=representative, made_at=moment)
    record("sharing.open_calendar", made, actor=actor)
    return made


@transaction.atomic
def close_calendar(
    *, representative: Representative, actor: User, moment: datetime, seen: int | None = None
) -> bool:
    """Revoke the living address and return whether there was one; whoever knows it reads nothing from now on.

    `seen` is the row the person looked at: another one, made since, stays (a form that is sent twice).
    """
    _lock(representative)
    living = _living(representative)
    if living is None or (seen is not None and living.pk != seen):
        return False
    living.revoked_at = moment
    living.save(update_fields=["revoked_at"])
    record("sharing.close_calendar", living, actor=actor)
    return True


@transaction.atomic
def renew_calendar(
    *, representative: Representative, actor: User, moment: datetime, seen: int | None = None
) -> CalendarToken:
    """Revoke the address that was `seen` and return a new one; when it was replaced already, that one."""
    close_calendar(representative=representative, actor=actor, moment=moment, seen=seen)
    return open_calendar(representative=representative, actor=actor, moment=moment)


def _lock(representative: Representative) -> None:
    """Take the person's row: two clicks at once make one address, not one address and one error."""
    Representative.objects.select_for_update(no_key=True).get(pk=representative.pk)


def _living(representative: Representative) -> CalendarToken | None:
    return CalendarToken.objects.filter(representative=representative, revoked_at=None).first()
