"""The seal over a confirmed year: SHA-256 of the standard's digest and every sheet in canonical JSON."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from scoring.models import FrozenSheet, Year


def digest_of(year: Year, sheets: Iterable[tuple[int, str, str, Any]]) -> str:
    """Return the hex digest over (mandate id, total, band, content) rows in the order of mandate ids."""
    seal = hashlib.sha256()
    seal.update(f"{year.label}|{year.standard.digest}\n".encode())
    for mandate, total, band, content in sorted(sheets, key=lambda row: row[0]):
        line = json.dumps(
            [mandate, total, band, content], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        seal.update(line.encode() + b"\n")
    return seal.hexdigest()


def stored_digest(year: Year) -> str:
    """Return the digest over what the database holds now; equal to year.digest while nothing was altered."""
    rows = FrozenSheet.objects.filter(year=year).values_list("mandate_id", "total", "band", "content")
    return digest_of(
        year, ((mandate, f"{total:.2f}", band, content) for mandate, total, band, content in rows)
    )
