"""Reads of verified media reports: those about a person, and the newest of all, each story once."""

from django.db.models import Exists, OuterRef, Prefetch, Q

from scoring.models import MediaReport, MediaReportSubject
from scoring.querysets import MediaReportQuerySet
from stations.models import Representative


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
