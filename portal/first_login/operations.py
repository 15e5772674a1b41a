"""The one write of the first sign-in."""

from django.db import transaction

from portal.audit import record
from portal.models import User


@transaction.atomic
def set_own_password(*, user: User, password: str) -> User:
    """Replace the one-time password by the person's own and return the account; it is no one-time password any more."""
    account: User = User.objects.select_for_update().get(pk=user.pk)
    account.set_password(password)
    account.save(update_fields=["password", "one_time_until"])
    record("portal.own_password", account, actor=account)
    return account
