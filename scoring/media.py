"""Reads of verified media reports: those about a person, and the newest of all, each story once."""

from datetime import timedelta
from difflib import SequenceMatcher

from django.db.models import Exists, OuterRef, Prefetch, Q

from scoring.models import MediaReport, MediaReportSubject
from scoring.querysets import MediaReportQuerySet
from stations.models import Representative

NEAR = timedelta(days=30)
ALIKE = 40  # percent
SUGGESTED = 5


def reports_of(person: Representative) -> MediaReportQuerySet:
    """Return the verified reports about `person` with their outlets, newest first."""
    return _verified().of(person).select_related("outlet")


def newest_reports() -> MediaReportQuerySet:
    """Return the verified reports of all, newest first, each story by its newest report, with outlet and people."""
    newer = _verified().filter(
        Q(published_on__gt=OuterRef("published_on"))
        | Q(published_on=OuterRef("published_on"), pk__gt=OuterRef("pk")),
        story=OuterRef("story"),
    )
    people = MediaReportSubject.objects.select_related("mandate__representative").order_by("pk")
    rows: MediaReportQuerySet = (
        _verified()
        .filter(~Exists(newer))
        .select_related("outlet")
        .prefetch_related(Prefetch("subjects", people))
        .order_by("-published_on", "-pk")
    )
    return rows


def _verified() -> MediaReportQuerySet:
    reports = MediaReport.objects.all()
    assert isinstance(reports, MediaReportQuerySet)
    return reports.verified()


def alike(report: MediaReport) -> list[MediaReport]:
    """Return reports near in time and title, or about the same people in those days: perhaps the same story (1 query).

    The likest first. They only suggest a word for `story`; a person decides.
    """
    near = (report.published_on - NEAR, report.published_on + NEAR)
    candidates = MediaReport.objects.filter(published_on__range=near).exclude(pk=report.pk)
    rated = [(_likeness(report.title, other.title), other) for other in candidates.select_related("outlet")]
    fitting = sorted((row for row in rated if row[0] >= ALIKE), key=lambda row: (-row[0], row[1].pk))
    return [other for _, other in fitting[:SUGGESTED]]


def _likeness(one: str, other: str) -> int:
    """Return how much of the shorter title stands in the other, in percent of characters in one run."""
    run = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return 100 * run // max(min(len(one), len(other)), 1)
