"""From a line of a sheet back to its record: where a reader can see the deed that the points come from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from portal.models.pages import PAGE_SIZE
from portal.visibility import open_to_all
from scoring.models import MediaReport, Year
from scoring.sheet.records import RECORDS
from scoring.sheets import Content
from sessions.checkin.mine import attendance_of
from sessions.models import Attendance, CoursewarePage, SharingSessionPage
from stations.models import Area, Mandate


@dataclass(frozen=True, slots=True)
class Link:
    """Where a record is shown; `outward` when that is another site."""

    href: str
    outward: bool = False


Links = Mapping[str, Link]  # by source: "attendance:12"
Keys = Iterable[int]


def sources_of(content: Content) -> Iterator[str]:
    """Yield the sources of all lines of a sheet."""
    for category in content["categories"]:
        for item in category["items"]:
            for line in item["lines"]:
                yield line["source"]


def own_links(content: Content, year: Year, mandate: Mandate) -> Links:
    """Return the links of a sheet for the person it is about: at most 4 queries, one less for each sort not there."""
    keys = _keys(content)
    links = _records(keys) | _open_courseware(keys)
    if "media_report" in keys:  # one's own press is read where it was printed
        reports = MediaReport.objects.verified().filter(pk__in=keys["media_report"]).exclude(url="")
        addresses = reports.values_list("pk", "url")
        links |= {f"media_report:{pk}": Link(url, outward=True) for pk, url in addresses}
    if "attendance" in keys:
        links |= _own_attendance(keys["attendance"], year, mandate)
    return links


def staff_links(content: Content, mandate: Mandate, kept: Iterable[Area]) -> Links:
    """Return the links of a sheet for staff: every line leads to its record (at most 2 queries).

    Rolls of the branches `kept` lead to the history of the line.
    """
    keys = _keys(content)
    links = _records(keys) | _open_courseware(keys)
    if "attendance" in keys:
        links |= _kept_attendance(keys["attendance"], mandate, [area.path for area in kept])
    return links


def _keys(content: Content) -> dict[str, set[int]]:
    keys: dict[str, set[int]] = defaultdict(set)
    for source in sources_of(content):
        name, _, key = source.partition(":")
        if key.isdecimal():
            keys[name].add(int(key))
    return keys


def _records(keys: Mapping[str, Keys]) -> dict[str, Link]:
    return {
        f"{name}:{key}": Link(reverse("sheet_record", args=[name, key]))
        for name in RECORDS.keys() & keys.keys()
        for key in keys[name]
    }


def _open_courseware(keys: Mapping[str, Keys]) -> dict[str, Link]:
    """Courseware that everybody may see leads to its page; one that was taken down keeps its record."""
    if "courseware" not in keys:
        return {}
    pages = open_to_all(CoursewarePage.objects.filter(pk__in=keys["courseware"]))
    return {f"courseware:{page.pk}": Link(page.url) for page in pages if page.url}


def _own_attendance(keys: Keys, year: Year, mandate: Mandate) -> dict[str, Link]:
    """The page of the session where there is one, else the person's own list at the row."""
    found: dict[int, tuple[int, str]] = {}
    here = reverse("me_attendance")
    for label in range(year.starts_on.year, year.ends_on.year + 1):
        rows = attendance_of(mandate.representative, label).values_list("pk", "activity_id")
        for place, (pk, activity) in enumerate(rows):
            page = place // PAGE_SIZE + 1
            found[pk] = (activity, f"{here}?year={label}&page={page}#a{pk}")
    wanted = {key: found[key] for key in keys if key in found}
    pages = _session_pages(activity for activity, _ in wanted.values())
    return {f"attendance:{key}": Link(pages.get(activity) or own) for key, (activity, own) in wanted.items()}


def _kept_attendance(keys: Keys, mandate: Mandate, kept: list[str]) -> dict[str, Link]:
    if not kept:
        return {}
    rows = Attendance.objects.filter(pk__in=keys).values_list("pk", "activity_id", "activity__area__path")
    return {
        f"attendance:{pk}": Link(reverse("roll_history", args=[activity, mandate.representative_id]))
        for pk, activity, path in rows
        if any(path.startswith(root) for root in kept)
    }


def _session_pages(activities: Iterable[int]) -> dict[int, str]:
    pages = open_to_all(SharingSessionPage.objects.filter(activity__in=list(activities)))
    short = pages.only("pk", "url_path", "locale_id", "activity_id", "title", "slug", "path", "depth")
    return {page.activity_id: page.url for page in short if page.url}
