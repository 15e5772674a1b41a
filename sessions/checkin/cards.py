"""代表码: the code a representative shows to be scanned by staff, and how it is found again.

The code is an HMAC-SHA256 over (representative, serial of the card) with a key derived from the installation's
secret: 80 bits as 16 characters without those that are mistaken for each other (Crockford's base 32), the same in
the QR and for typing. Nothing that leads back to it is kept: the database and the recorder's device hold SHA-256
digests, and 80 bits are too many to try. A screenshot works, on purpose: the recorder sees the face. A new card
revokes the one before.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import segno
from django.conf import settings

from sessions.models import CodeCard

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
BITS = 5
READ_AS = str.maketrans(
    "OIL", "011"
)  # how people and scanners write the letters that the alphabet leaves out


def code_of(representative: int, serial: int) -> str:
    """Return the 16 characters of this card of the representative with this primary key."""
    key = hashlib.sha256(f"code card {settings.SECRET_KEY}".encode()).digest()
    mac = hmac.new(key, f"{representative}:{serial}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[: LENGTH * BITS // 8], "big")
    return "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(LENGTH)))


def digest_of(code: str) -> str:
    """Return what is kept of a code: its SHA-256 in hex."""
    return hashlib.sha256(code.encode()).hexdigest()


def cleaned(typed: str) -> str:
    """Return a scanned or typed code in its plain form, "" for what cannot be one."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(READ_AS)
    code = "".join(character for character in plain if character not in " -")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def grouped(code: str) -> str:
    """Return the code in groups of four, to be read out and typed."""
    return " ".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def cards_behind(codes: Iterable[str]) -> dict[str, CodeCard]:
    """Return {code: card} of the codes that exist, revoked ones too (1 query)."""
    digests = {digest_of(code): code for code in codes}
    cards = CodeCard.objects.filter(digest__in=digests).select_related("representative")
    return {digests[card.digest]: card for card in cards}


def card_of(representative: int) -> CodeCard | None:
    """Return the valid card of a person, None before the first or when the installation's secret has changed."""
    card = CodeCard.objects.filter(representative=representative, revoked_at=None).first()
    if card and hmac.compare_digest(card.digest, digest_of(code_of(representative, card.serial))):
        return card
    return None


@lru_cache(maxsize=256)
def qr_svg(code: str) -> str:
    """Return the QR of a code as SVG markup: alphanumeric, with its quiet zone."""
    drawn = segno.make(code, error="m", micro=False)
    return str(
        drawn.svg_inline(
            border=4, dark="#24201c", light="#ffffff", omitsize=True, svgclass=None, lineclass=None
        )
    )
