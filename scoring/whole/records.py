"""Everybody's records of a year as words: records that look alike to the standard are one word.

What there is much of (rolls, proposals) comes from the database as one row a person; the rest as the readers of
`scoring.facts` give it. Records of one `ref` make one word, so that their facts compete as they do on the sheet.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from scoring.facts import READERS, Matcher, Record, fact_of, midnight
from scoring.models import ProposalMover
from scoring.rules import Fact, Standard
from scoring.whole.joined import COLUMN, ROW, Joined
from sessions.models import Activity, Attendance
from stations.querysets import MandateQuerySet

Row = tuple[int, list[str]]  # a mandate and its words
MERGED = "\x1d"  # between the words of records that share a ref
YES = {"1", "t", "true"}  # of a boolean that a database wrote into a text


class Reading:
    """One reading of a year's records for one standard: `rows` says everybody's words, `facts` what a word means.

    With `dated` the day of a record is part of its word: some items ask which fact was first.
    """

    def __init__(self, standard: Standard, first: date, last: date, *, dated: bool) -> None:
        self.first, self.last, self.dated = first, last, dated
        self._matcher = Matcher(standard)
        self._wanted = {source.name for item in standard.items for source in item.sources} & READERS.keys()
        self._joined = {"attendance"} | ({"proposal"} if self._alone(standard) else set())
        self._known: dict[str, Record] = {}
        self._words: dict[Any, str] = {}
        self._activities: dict[str, tuple[str, str, date]] = {}

    def rows(self, mandates: MandateQuerySet) -> Iterator[Row]:
        """Return the words of every mandate that has a record, each mandate once (a fixed number of queries)."""
        others = self._others(mandates)
        if "attendance" in self._wanted:
            self._activities = self._held()
            for mandate, words in self._rolls(mandates):
                yield mandate, words + others.pop(mandate, [])
        yield from others.items()

    def facts(self, word: str) -> list[Fact]:
        """Return the facts of a word in order of day: one for each item that each of its records feeds."""
        records = sorted(map(self._record, word.split(MERGED)), key=lambda record: record.when)
        return [fact_of(item, record) for record in records for item in self._matcher.items_of(record)]

    def _alone(self, standard: Standard) -> bool:
        """Say whether the number of a proposal can only ever meet itself: no item or word is shared with another ref."""
        sharing: dict[str, set[str]] = defaultdict(set)
        for item in standard.items:
            sharing[item.exclusive or f"item {item.code}"] |= {source.name for source in item.sources}
        mixed = any("proposal" in names and names - {"proposal", "attendance"} for names in sharing.values())
        return not mixed and "ref" not in self._matcher.asked

    def _held(self) -> dict[str, tuple[str, str, date]]:
        return {
            str(pk): (kind, theme, timezone.localtime(starts_at).date())
            for pk, kind, theme, starts_at in self._closed().values_list("pk", "kind", "theme", "starts_at")
        }

    def _closed(self) -> Any:
        begin, end = midnight(self.first), midnight(self.last, later=1)
        return Activity.objects.filter(state="closed", starts_at__gte=begin, starts_at__lt=end).order_by()

    def _rolls(self, mandates: MandateQuerySet) -> Iterator[Row]:
        rows = (
            Attendance.objects.filter(
                mandate__in=mandates, confirmed_at__isnull=False, activity__in=self._closed().values("pk")
            )
            .order_by()
            .values_list("mandate_id")
            .annotate(words=Joined("activity_id", "status", "role", "units"))
        )
        for mandate, words in rows.iterator(chunk_size=2000):
            yield mandate, words.split(ROW)

    def _others(self, mandates: MandateQuerySet) -> dict[int, list[str]]:
        """Return the words of all that is no roll."""
        found: dict[int, list[str]] = defaultdict(list)
        if "proposal" in self._wanted & self._joined:
            for mandate, words in self._proposals(mandates):
                found[mandate] += words
        by_ref: dict[tuple[int, str], list[str]] = defaultdict(list)
        for name in sorted(self._wanted - self._joined):
            for record in READERS[name](mandates, self.first, self.last):
                if self._matcher.items_of(record):
                    ref = record.fields.get("ref")
                    bucket = by_ref[record.mandate, ref] if ref else found[record.mandate]
                    bucket.append(self._word(record))
        for (mandate, _ref), words in by_ref.items():
            found[mandate].append(MERGED.join(sorted(words)))
        return found

    def _proposals(self, mandates: MandateQuerySet) -> Iterator[Row]:
        movers = ProposalMover.objects.filter(proposal=OuterRef("proposal")).order_by()
        columns = ["role", "people", "proposal__filed", "proposal__fine", "proposal__key"]
        rows = (
            ProposalMover.objects.filter(
                mandate__in=mandates, proposal__submitted_on__range=(self.first, self.last)
            )
            .order_by()
            .annotate(people=Subquery(movers.values("proposal").annotate(n=Count("pk")).values("n")))
            .values_list("mandate_id")
            .annotate(words=Joined(*columns, *(["proposal__submitted_on", "pk"] if self.dated else [])))
        )
        for mandate, words in rows.iterator(chunk_size=2000):
            yield mandate, [f"proposal{COLUMN}{word}" for word in words.split(ROW)]

    def _word(self, record: Record) -> str:
        """Return the word of a record, and remember what it means: all that a rule may read, and no more."""
        fields = {
            name: word
            for name, word in record.fields.items()
            if name != "ref" or "ref" in self._matcher.asked
        }
        if record.fields.get("ref"):
            fields.setdefault("ref", "same")  # which one does not matter; a fact without any never competes
        day, order = (record.day, record.order) if self.dated else (self.first, 0)
        source = _source(record.kind, order)
        bare = replace(record, mandate=0, source=source, label="", fields=fields, day=day, order=order)
        key = (tuple(sorted(fields.items())), *(getattr(bare, name) for name in UNNAMED))
        if key not in self._words:
            self._words[key] = f"{record.kind}{COLUMN}{len(self._words)}"
            self._known[self._words[key]] = bare
        return self._words[key]

    def _record(self, word: str) -> Record:
        if word not in self._known:
            self._known[word] = self._proposal(word) if word.startswith("proposal") else self._roll(word)
        return self._known[word]

    def _roll(self, word: str) -> Record:
        activity, status, role, units = word.split(COLUMN)
        kind, theme, day = self._activities[activity]
        fields = {"kind": kind, "theme": theme, "role": role, "status": status, "event": status}
        return Record(0, _source("attendance", int(activity)), "", day, fields, n=Decimal(units))

    def _proposal(self, word: str) -> Record:
        _, role, people, filed, fine, key, *dated = word.split(COLUMN)
        fields = {"role": role, "people": people, "ref": "same"}
        marks = zip(("filed", "fine", "key"), (filed, fine, key), strict=True)
        fields |= {name: "true" if said in YES else "false" for name, said in marks}
        day, order = (date.fromisoformat(dated[0]), int(dated[1])) if dated else (self.first, 0)
        return Record(0, _source("proposal", order), "", day, fields, people=int(people))


def _source(kind: str, order: int) -> str:
    """Return what sorts the facts of one day as the sheet does: by sort of record, then by `order`."""
    return f"{kind}:{order:020}"


UNNAMED = [name for name in Record.__dataclass_fields__ if name not in {"mandate", "label", "fields"}]
