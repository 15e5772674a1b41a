"""The seal over a confirmed year: a chain of SHA-256, one link a sheet, so that the first altered one has a name.

The chain starts from what the year was decided on: label, days, standard, decision. Each link covers the link before
it and one sheet with the person's name and area, in canonical JSON; a sheet keeps both links in its `content`. The
last link is the digest of the year, printed in the book: whoever rewrites all rows cannot rewrite the paper.
Supplements go on from there, one link each, with the sheets of whom they put on the list; the history of the year,
which only grows, holds their links once more.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from scoring.models import FrozenSheet, Supplement, SupplementLine, Year, YearEvent
from stations.models import Mandate

Content = dict[str, Any]


def sealed(year: Year, sheets: Iterable[FrozenSheet]) -> Iterator[FrozenSheet]:
    """Yield the unsaved sheets with `person` and `seal` added to their content, in the order of mandate ids."""
    link = opening(year)
    for sheet in sorted(sheets, key=lambda each: each.mandate_id):
        sheet.content = with_person(sheet.content, sheet.mandate)
        own = _link(link, sheet)
        sheet.content["seal"] = {"previous": link, "own": own}
        link = own
        yield sheet


def with_person(content: Content, mandate: Mandate) -> Content:
    """Return the content of a sheet with whose it is, as it is sealed."""
    return {**content, "person": {"name": mandate.representative.name, "area": mandate.area.name}}


def opening(year: Year) -> str:
    """Return the first link: what the whole year rests on."""
    standard = year.standard
    return _digest(
        [
            year.label,
            year.starts_on.isoformat(),
            year.ends_on.isoformat(),
            [standard.code, standard.version, hashlib.sha256(standard.text.encode()).hexdigest()],
            [year.decision_meeting, year.decision_number, f"{year.decided_on:%Y-%m-%d}"],
        ]
    )


def digest_of(year: Year, sheets: Iterable[FrozenSheet]) -> str:
    """Return the last link over these sheets, computed afresh from what they say."""
    link = opening(year)
    for sheet in sorted(sheets, key=lambda each: each.mandate_id):
        link = _link(link, sheet)
    return link


def stored_digest(year: Year) -> str:
    """Return the digest over what the database holds now; equal to year.digest while nothing was altered."""
    return digest_of(year, FrozenSheet.objects.filter(year=year, added_in=None))


def first_fault(year: Year) -> str:
    """Return what was altered first, in words; empty while year, standard, sheets and supplements are as they were made."""
    return _sheet_fault(year) or _supplement_fault(year)


def _sheet_fault(year: Year) -> str:
    sheets = list(FrozenSheet.objects.filter(year=year, added_in=None).order_by("mandate_id"))
    link = opening(year)
    for number, sheet in enumerate(sheets):
        seal = sheet.content.get("seal") or {}
        if _link(str(seal.get("previous", "")), sheet) != seal.get("own"):
            return f"成绩单 {sheet.pk}（{_name(sheet)}）被改动。"
        if seal["previous"] != link:
            what = f"成绩单 {sheet.pk}（{_name(sheet)}）之前有成绩单被移走或加入"
            return f"{what}。" if number else f"年度的标准、期间、确认记录被改动，或者{what}。"
        link = seal["own"]
    return "" if link == year.digest else "确认摘要被改动，或者最后几份成绩单被移走。"


def supplement_link(supplement: Supplement, lines: Iterable[SupplementLine]) -> str:
    """Return the link of a supplement over the one before, its decision, and what it says of each person.

    Of whom it puts on the list it covers the whole sheet, which no link of the year covers.
    """
    told = [
        [
            line.sheet.mandate_id,
            (line.sheet.content.get("person") or {}),
            [f"{line.old_total:.2f}", line.old_band],
            [f"{line.new_total:.2f}", line.new_band],
            line.adjustments,
            *([_sheet(line.sheet)] if line.sheet.added_in == supplement.number else []),
        ]
        for line in sorted(lines, key=lambda each: each.sheet.mandate_id)
    ]
    decision = [supplement.meeting, supplement.reference, f"{supplement.decided_on:%Y-%m-%d}"]
    return _digest([supplement.previous, supplement.number, decision, supplement.document_sha256, told])


def _supplement_fault(year: Year) -> str:
    link, count = year.digest, 0
    rows = year.supplements.prefetch_related("lines__sheet").order_by("number")
    for count, each in enumerate(rows, start=1):
        if each.number != count:
            return f"补充第 {count} 号被移走。"
        if (each.previous, each.seal) != (link, supplement_link(each, each.lines.all())):
            return f"补充第 {count} 号被改动。"
        link = each.seal
    fault = _added_fault(year, rows)
    if fault:
        return fault
    kept = YearEvent.objects.filter(year=year, action="supplement")
    told = {reason.rpartition(" ")[2] for reason in kept.values_list("reason", flat=True)}
    missing = told.symmetric_difference(each.seal for each in rows)
    return "最后的补充决定被移走、改动或加入。" if missing or len(told) != count else ""


def _added_fault(year: Year, rows: Iterable[Supplement]) -> str:
    """Name the first sheet that says a supplement put it on the list, while none has a line that does."""
    told = {line.sheet_id for each in rows for line in each.lines.all() if line.sheet.added_in == each.number}
    added = FrozenSheet.objects.filter(year=year, added_in__isnull=False).order_by("mandate_id")
    alone = next((sheet for sheet in added if sheet.pk not in told), None)
    return f"成绩单 {alone.pk}（{_name(alone)}）是加入的，没有补充决定。" if alone else ""


def _name(sheet: FrozenSheet) -> str:
    return str((sheet.content.get("person") or {}).get("name") or f"任期 {sheet.mandate_id}")


def _link(previous: str, sheet: FrozenSheet) -> str:
    return _digest([previous, sheet.mandate_id, *_sheet(sheet)])


def _sheet(sheet: FrozenSheet) -> list[Any]:
    content = {key: value for key, value in sheet.content.items() if key != "seal"}
    return [f"{sheet.total:.2f}", sheet.band, content]


def _digest(value: Any) -> str:
    line = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
