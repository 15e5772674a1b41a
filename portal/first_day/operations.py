"""Writes of 开通清单: putting the list away, bringing it back."""

from django.db import transaction
from wagtail.models import Site

from portal.audit import record
from portal.models import CongressSettings, User


@transaction.atomic
def put_away(*, site: Site, actor: User) -> None:
    """Take the list off the admin's home, for everybody who keeps the installation. Twice changes nothing."""
    _show(site, actor, away=True)


@transaction.atomic
def bring_back(*, site: Site, actor: User) -> None:
    """Show the list on the admin's home again, as long as something is to be done. Twice changes nothing."""
    _show(site, actor, away=False)


def _show(site: Site, actor: User, *, away: bool) -> None:
    identity = CongressSettings.for_site(site)
    rows = CongressSettings.objects.filter(pk=identity.pk, first_day_away=not away)
    if rows.update(first_day_away=away):  # no page shows it, so none is forgotten
        record("portal.put_away_first_day" if away else "portal.bring_back_first_day", identity, actor=actor)
