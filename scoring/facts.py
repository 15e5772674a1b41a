"""The only staircase down: what the floors below recorded, as facts of a standard's items.

A fixed number of queries for everybody: one for each sort of record the standard asks for.
Which item a record feeds is told by the standard's `sources` (standards/FORMAT.md, Sources).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F
from django.utils import timezone

from scoring.models import Assessment, Honour, MediaReportSubject, ProposalMover
from scoring.models.assessments import Assessor
from scoring.rules import Fact, Source, Standard
from scoring.same_work import Work, tell_repeats
from sessions.models import Attendance, CoursewarePage
from stations.querysets import MandateQuerySet

Facts = dict[int, list[Fact]]  # by mandate


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded deed of one mandate: `fields` are what `where` may ask for and the rule may see."""

    mandate: int
    source: str  # "attendance:12": the way back to the record
    label: str
    day: date
    fields: Mapping[str, str]
    n: Decimal = Decimal(1)
    people: int | None = None
    order: int = 0  # among the records of one sort and day
    item: str = ""  # the one item it was made for, where there is one
    award: Decimal | None = None
    rate: Decimal | None = None

    @property
    def kind(self) -> str:
        """The sort of record: the name that `sources` of a standard know it by."""
        return self.source.partition(":")[0]

    @property
    def when(self) -> tuple[date, str, int]:
        """Where the record stands among a person's."""
        return self.day, self.kind, self.order


def gather(standard: Standard, mandates: MandateQuerySet, first: date, last: date) -> Facts:
    """Return the facts of every mandate in `mandates` between two local days, both inclusive.

    Mandates without any record are absent from the answer. Facts of one mandate stand in the order of their days.
    """
    wanted = {source.name for item in standard.items for source in item.sources}
    readers = (READERS[name] for name in sorted(wanted & READERS.keys()))
    return facts_from(standard, (record for read in readers for record in read(mandates, first, last)))


def facts_from(standard: Standard, records: Iterable[Record]) -> Facts:
    """Return what the items of `standard` make of `records`: one fact for each item that a record feeds.

    A record may feed several items, or none. No query: records that only might come to be are welcome, too.
    """
    matcher = Matcher(standard)
    facts: Facts = defaultdict(list)
    for record in sorted(records, key=lambda record: record.when):
        for item in matcher.items_of(record):
            facts[record.mandate].append(fact_of(item, record))
    return dict(facts)


def fact_of(item: str, record: Record) -> Fact:
    """Return what an item of the standard sees of a record."""
    fields = record.fields
    return Fact(
        item=item,
        n=record.n,
        role=fields.get("role"),
        level=fields.get("level"),
        status=fields.get("status"),
        event=fields.get("status"),
        people=record.people,
        rate=record.rate,
        award=record.award,
        ref=fields.get("ref") or None,
        date=record.day,
        source=record.source,
        label=record.label,
    )


class Matcher:
    """Which items a record feeds; remembered by the fields that any `where` asks for."""

    def __init__(self, standard: Standard) -> None:
        self._sources = [(item.code, source) for item in standard.items for source in item.sources]
        self.asked = sorted({field for _, source in self._sources for field, _ in source.where})
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def items_of(self, record: Record) -> tuple[str, ...]:
        """Return the codes of the items that a record feeds, each once."""
        name, fields = record.kind, record.fields
        key = (name, record.item, *(fields.get(field, "") for field in self.asked))
        if key not in self._known:
            fed = (code for code, source in self._sources if source.name == name and _meets(source, fields))
            self._known[key] = tuple(code for code in dict.fromkeys(fed) if record.item in {"", code})
        return self._known[key]


def _meets(source: Source, fields: Mapping[str, str]) -> bool:
    return all(fields.get(field, "") in allowed for field, allowed in source.where)


def _local(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def midnight(day: date, later: int = 0) -> datetime:
    """Return the first moment of a local day, or of one `later`: compared with it a row needs no conversion."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min))


def _attendance(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    rows = (
        Attendance.objects.filter(mandate__in=mandates, confirmed_at__isnull=False, activity__state="closed")
        .filter(activity__starts_at__gte=midnight(first), activity__starts_at__lt=midnight(last, later=1))
        .values_list(
            "pk",
            "mandate_id",
            "activity_id",
            "status",
            "method",
            "role",
            "units",
            "activity__kind",
            "activity__theme",
            "activity__title",
            "activity__starts_at",
        )
        .order_by()
    )
    days: dict[datetime, date] = {}  # many rows, few activities
    for pk, mandate, activity, status, method, role, units, kind, theme, title, starts_at in rows.iterator(
        chunk_size=5000
    ):
        day = days.get(starts_at) or days.setdefault(starts_at, _local(starts_at))
        fields = {"kind": kind, "theme": theme, "role": role, "status": status, "event": status}
        label = f"{title}（线上）" if method == Attendance.Method.SELF_ONLINE else title
        yield Record(mandate, f"attendance:{pk}", label, day, fields, n=units, order=activity)


def _courseware(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    """The same files published again are the same work: both are told as one `ref`, so that the author is paid once.

    What was published before `first`, or before the mandate, is read too: it is no new work in a new year.
    """
    rows = CoursewarePage.objects.live().filter(date__lte=last, author__mandates__in=mandates)
    held: dict[tuple[int, date, date | None], dict[int, Work]] = defaultdict(dict)
    for pk, title, day, selected, mandate, starts_on, ends_on, print_ in rows.order_by(
        "date", "pk"
    ).values_list(
        "pk",
        "title",
        "date",
        "selected",
        "author__mandates",
        "author__mandates__starts_on",
        "author__mandates__ends_on",
        "files__document__facts__sha256",
    ):
        works = held[mandate, starts_on, ends_on]
        works.setdefault(pk, Work(pk, title, day, selected)).prints.add(print_ or "")
    for (mandate, starts_on, ends_on), works in held.items():
        tell_repeats(works.values())
        begin, end = max(first, starts_on), min(last, ends_on or last)
        for work in works.values():
            if begin <= work.day <= end and begin <= works[work.first].day:
                fields = {"selected": _word(work.selected)}
                fields |= {"ref": f"courseware:{work.first}"} if work.repeated else {}
                yield Record(mandate, f"courseware:{work.pk}", work.title, work.day, fields, order=work.pk)


def _proposals(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    rows = (
        ProposalMover.objects.filter(mandate__in=mandates, proposal__submitted_on__range=(first, last))
        .annotate(people=Count("proposal__movers"))
        .order_by()
        .values(
            "pk", "mandate_id", "role", "people", "proposal__title", "proposal__submitted_on", "proposal__ref"
        )
        .annotate(filed=F("proposal__filed"), fine=F("proposal__fine"), key=F("proposal__key"))
    )
    for row in rows:
        fields = {"role": row["role"], "people": str(row["people"]), "ref": row["proposal__ref"]}
        fields |= {word: _word(row[word]) for word in ("filed", "fine", "key")}
        source, day, people = f"proposal:{row['pk']}", row["proposal__submitted_on"], row["people"]
        title, pk = row["proposal__title"], row["pk"]
        yield Record(row["mandate_id"], source, title, day, fields, people=people, order=pk)


def _media_reports(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    rows = (
        MediaReportSubject.objects.filter(mandate__in=mandates, report__state="verified")
        .filter(report__published_on__range=(first, last))
        .order_by()
        .values_list(
            "report_id",
            "mandate_id",
            "report__title",
            "report__published_on",
            "report__outlet__level",
            "report__form",
            "report__story",
        )
    )
    for pk, mandate, title, day, level, form, story in rows:
        fields = {"level": level, "form": form, "ref": story}
        yield Record(mandate, f"media_report:{pk}", title, day, fields, order=pk)


def _honours(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    rows = Honour.objects.filter(mandate__in=mandates, state="verified").order_by()
    rows = rows.filter(awarded_on__range=(first, last))
    for pk, mandate, title, day, level, ref in rows.values_list(
        "pk", "mandate_id", "title", "awarded_on", "level", "ref"
    ):
        yield Record(mandate, f"honour:{pk}", title, day, {"level": level, "ref": ref}, order=pk)


def _assessments(mandates: MandateQuerySet, first: date, last: date) -> Iterator[Record]:
    """Figures for single items; one for the whole year stands beside the total and is no fact."""
    rows = Assessment.objects.filter(mandate__in=mandates, given_on__range=(first, last)).exclude(item="")
    for pk, mandate, item, assessor, award, rate, day in rows.order_by().values_list(
        "pk", "mandate_id", "item", "assessor", "award", "rate", "given_on"
    ):
        fields = {"assessor": assessor, "award": str(award), "rate": "" if rate is None else str(rate)}
        label = str(Assessor(assessor).label)
        yield Record(
            mandate, f"assessment:{pk}", label, day, fields, order=pk, item=item, award=award, rate=rate
        )


def _word(value: Any) -> str:
    return "true" if value else "false"


Reader = Callable[[MandateQuerySet, date, date], Iterable[Record]]
READERS: Mapping[str, Reader] = {
    "attendance": _attendance,
    "courseware": _courseware,
    "proposal": _proposals,
    "media_report": _media_reports,
    "honour": _honours,
    "assessment": _assessments,
}
