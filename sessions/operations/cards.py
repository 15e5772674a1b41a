"""A representative gets a code card, or a new one that revokes the one before."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from portal.audit import record
from portal.models import User
from sessions.checkin.cards import code_of, digest_of
from sessions.models import CodeCard
from stations.models import Representative


@transaction.atomic
def renew_card(*, representative: Representative, seen: int, actor: User, moment: datetime) -> CodeCard:
    """Give the representative a card, revoke the one before, and return the valid one.

    `seen` is the serial of the card that was shown, 0 for none: pressing twice renews once.
    """
    person = Representative.objects.select_for_update().get(pk=representative.pk)
    cards = CodeCard.objects.filter(representative=person)
    valid = cards.filter(revoked_at=None).first()
    if valid and valid.serial > seen:
        return valid
    last = cards.aggregate(last=Max("serial"))["last"] or 0
    cards.filter(revoked_at=None).update(revoked_at=moment)
    card = CodeCard.objects.create(
        representative=person,
        serial=last + 1,
        digest=digest_of(code_of(person.pk, last + 1)),
        issued_at=moment,
    )
    record("sharing.renew_card", person, actor=actor, serial=card.serial)
    return card
