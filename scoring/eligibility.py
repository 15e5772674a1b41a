"""Who is graded in a year, and for which part of it: mid-year mandates by the year's setting, suspended days left out.

PRODUCT.md, Rules of scoring: "Mid-year mandates: full, pro rata by months, or not graded, as the year's setting says.
Suspended intervals leave the denominator."
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least

from scoring.models import Year
from scoring.rules import Fact
from stations.models import Mandate, Suspension, Term
from stations.querysets import MandateQuerySet

Days = tuple[date, date]  # both inclusive
HALF_A_MONTH = 15  # days served that make a month count
RUNNING = (Year.State.DRAFT, Year.State.OPEN, Year.State.REVIEWING, Year.State.PUBLICISED)


@dataclass(frozen=True, slots=True)
class Service:
    """What of the year a mandate served: `months` of `of`, without the days `suspended`.

    `months` says how much; whether the sheet is reckoned for that part (`share` under 1) the year's setting decides.
    """

    months: int
    of: int
    share: Fraction = Fraction(1)
    suspended: tuple[Days, ...] = ()

    def counts(self, fact: Fact) -> bool:
        """Say whether a fact counts: not of a day on which the mandate was suspended.

        What an assessor says is about the year, on whichever day it was said.
        """
        said = fact.source.startswith("assessment:")
        return (
            said or fact.date is None or not any(first <= fact.date <= last for first, last in self.suspended)
        )

    def parted(self, facts: Sequence[Fact]) -> tuple[Sequence[Fact], Sequence[Fact]]:
        """Return the facts that count, and those of suspended days."""
        if not self.suspended:
            return facts, ()
        return [f for f in facts if self.counts(f)], [f for f in facts if not self.counts(f)]


def period_of(year: Year, term: Term) -> Days:
    """Return the days of the year that lie in its term: in the first and the last year of a term nobody is late."""
    return max(year.starts_on, term.starts_on), min(year.ends_on, term.ends_on or date.max)


def graded(year: Year) -> MandateQuerySet:
    """Return the mandates that the year grades: of its term, in office on at least one of its days.

    Left out is, until the year is confirmed, who was suspended on all of them, and with the setting `not_graded` who
    was in office on a part of the year only.
    """
    mandates = Mandate.objects.filter(term=year.term_id)
    assert isinstance(mandates, MandateQuerySet)
    mandates = mandates.touching(year.starts_on, year.ends_on)
    if year.joiners == Year.Joiners.NOT_GRADED:
        mandates = mandates.exclude(_partial(year))
    if year.state in RUNNING:
        mandates = mandates.exclude(pk__in=_suspended_throughout(year).values("mandate"))
    return mandates


def missed(year: Year) -> MandateQuerySet:
    """Return who belongs on the list of a confirmed year and is not on it.

    Registered after the confirmation, or suspended in the records until then; a supplement puts them on the list.
    """
    mandates = graded(year).exclude(pk__in=_suspended_throughout(year).values("mandate"))
    return mandates.exclude(sheets__year=year)


def _partial(year: Year) -> Q:
    """Return the condition for a mandate that began after, or ended before, the part of the year in its term."""
    first = Greatest(F("term__starts_on"), Value(year.starts_on))
    last = Least(Coalesce(F("term__ends_on"), Value(year.ends_on)), Value(year.ends_on))
    return Q(starts_on__gt=first) | Q(ends_on__isnull=False, ends_on__lt=last)


def _suspended_throughout(year: Year) -> QuerySet[Suspension]:
    """Return the suspensions that leave no day of the mandate in the year."""
    begin = Greatest(F("mandate__starts_on"), Value(year.starts_on))
    ends = Coalesce(F("mandate__ends_on"), F("mandate__term__ends_on"), Value(year.ends_on))
    until = Q(ends_on__isnull=True) | Q(ends_on__gte=Least(ends, Value(year.ends_on)))
    return Suspension.objects.filter(until, starts_on__lte=begin)


def apart(year: Year, mandates: MandateQuerySet) -> set[int]:
    """Return the mandates whose sheet is not plain: suspended for a time, or reckoned for a part (1 or 2 queries)."""
    touched = Suspension.objects.touching(year.starts_on, year.ends_on).filter(
        mandate__in=mandates.order_by()
    )
    found = set(touched.values_list("mandate_id", flat=True))
    if year.joiners == Year.Joiners.PRO_RATA:
        found |= set(mandates.filter(_partial(year)).order_by().values_list("pk", flat=True))
    return found


def service_of(year: Year, mandate: Mandate, suspensions: Iterable[tuple[date, date | None]]) -> Service:
    """Return what `mandate` served of the year; `suspensions` are all of its own, whenever they were.

    No query where the mandate has its term at hand.
    """
    first, last = period_of(year, mandate.term)
    begin, end = max(first, mandate.starts_on), min(last, mandate.ends_on or date.max)
    suspended = tuple(
        sorted(
            (start, until or date.max)
            for start, until in suspensions
            if start <= last and (until or date.max) >= first
        )
    )
    if mandate.starts_on <= first and end == last and not suspended:
        whole = len(list(_months(first, last)))
        return Service(whole, whole)
    months = list(_months(first, last))
    served = max(1, sum(_served(month, (begin, end), suspended) for month in months))
    pro_rata = year.joiners == Year.Joiners.PRO_RATA
    share = Fraction(served, len(months)) if pro_rata else Fraction(1)
    return Service(served, len(months), share, suspended)


def _months(first: date, last: date) -> Iterator[Days]:
    """Return the days of every month from one day to another; the first and the last may be parts."""
    while first <= last:
        end = min(last, first.replace(day=monthrange(first.year, first.month)[1]))
        yield first, end
        first = end + timedelta(days=1)


def _served(month: Days, office: Days, suspended: Iterable[Days]) -> bool:
    """Say whether a month counts: at least 15 days of it served, or all there are of a shorter part."""
    days = _common(month, office) - sum(_common(_cut(month, office), each) for each in suspended)
    return days >= min(HALF_A_MONTH, _common(month, month))


def _cut(one: Days, other: Days) -> Days:
    return max(one[0], other[0]), min(one[1], other[1])


def _common(one: Days, other: Days) -> int:
    first, last = _cut(one, other)
    return max(0, (last - first).days + 1)
