"""Writes of standards: a version is stored once and never edited."""

import hashlib
from datetime import date

from django.db import transaction

from portal.audit import record
from portal.models import User
from scoring.models import Standard
from scoring.standard_file import dump, items_without_source, load


class StandardRefused(ValueError):
    """The file cannot become a standard in use; the message says why and what to do instead."""


@transaction.atomic
def store_standard(
    *,
    text: str,
    actor: User | None,
    effective_from: date | None = None,
    is_example: bool = False,
) -> Standard:
    """Store a standard file as a new version and return it; the same content again returns the stored one.

    Raises InvalidStandard (with line and key) when the file is no valid standard, StandardRefused when an item
    has no source and so could never earn from what is recorded.
    """
    values = load(text).standard
    without = items_without_source(values)
    if without:
        names = "、".join(item.name for item in without[:5])
        raise StandardRefused(
            f"有 {len(without)} 个小项没有写来源（{names}），这样的标准只能检验，不能启用。"
        )
    canonical = dump(values)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    versions = Standard.objects.select_for_update().filter(code=values.code).order_by("-version")
    known = [version for version in versions if version.digest == digest]
    if known:
        return known[0]
    standard = Standard.objects.create(
        code=values.code,
        version=versions[0].version + 1 if versions else 1,
        title=values.title,
        text=canonical,
        digest=digest,
        is_example=is_example,
        effective_from=effective_from,
    )
    record("scoring.adopt_standard", standard, actor=actor, digest=digest)
    return standard
