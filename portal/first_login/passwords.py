"""One-time passwords: what they are made of, how people type them, how long they hold."""

import re
import secrets
import unicodedata
from datetime import timedelta

from django.utils.crypto import salted_hmac

from portal.models import User

# No sign here is taken for another on paper (without 0 o, 1 l i, 2 z, 5 s, 8 b, g q, v), none needs the shift key.
SIGNS = "acdefhjkmnprtuwxy34679"
GROUP = 4
HOLDS = timedelta(days=30)
TYPED = re.compile(rf"([{SIGNS}]{{{GROUP}}})[\s\-—–]?([{SIGNS}]{{{GROUP}}})", re.IGNORECASE)


def new_password() -> str:
    """Return a password of two groups of four signs, 35 bits: enough where eight wrong ones lock the account."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in "ab")


def as_written(typed: str) -> str:
    """Return a one-time password as it stands on the slip, however it was typed; anything else as it came.

    A password of one's own has ten signs or more, so none can be taken for one of eight with a stroke between.
    """
    groups = TYPED.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    return "-".join(groups.groups()).lower() if groups else typed


def state_of(user: User) -> str:
    """Return a word that changes with the account's password and tells nothing of it: for what may be done only once."""
    return salted_hmac("portal.first_login", user.password).hexdigest()[:32]
