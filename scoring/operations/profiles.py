"""Writes of stories: the excellent get a draft after the notice; who is excellent no more is not called so any longer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision, TaskState

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from scoring.book.stories import first_band
from scoring.models import FrozenSheet, Year
from scoring.operations.year_settings import YearRefused
from scoring.supplements import holding
from scoring.year.reach import leads
from stations.models import Mandate, ProfileIndexPage, ProfilePage, Representative
from stations.permissions import Role

DEEDS = frozenset({"attendance", "courseware", "proposal", "media_report"})
NOT_THERE = frozenset({"absent", "leave", "exempt"})
ENTRIES = 20
LONGEST = 120  # of an entry of 履职纪事


@transaction.atomic
def draft_profile(*, year: Year, mandate: Mandate, actor: User, moment: datetime) -> tuple[ProfilePage, bool]:
    """Create an unpublished story of an excellent representative for the editors; return it and whether it is new.

    Who has a story already keeps it untouched. The draft holds the year's deeds as a timeline, never points.
    Raises YearRefused before the year is notified, for a sheet that is not of the best band, without the right.
    """
    if not leads(actor, (Role.OFFICE,), year):
        raise YearRefused("您没有生成事迹草稿的权限，请联系代表工作委员会。")
    if year.state != Year.State.NOTIFIED:
        raise YearRefused(f"{year}现在是“{year.get_state_display()}”，通报以后才生成事迹草稿。")
    sheets = holding(FrozenSheet.objects.filter(year=year, mandate=mandate))
    sheet = sheets.filter(now_band=first_band(year)).first()
    if sheet is None:
        raise YearRefused("事迹草稿只为优秀代表生成。")
    # Held, so that two clicks make one story.
    person = Representative.objects.select_for_update().get(pk=mandate.representative_id)
    known = ProfilePage.objects.filter(representative=person).first()
    if known:
        return known, False
    section = ProfileIndexPage.objects.order_by("path").first()
    if section is None:
        raise YearRefused("还没有“代表风采”栏目，请编辑先在网站里建立。")
    page = ProfilePage(
        title=f"{person.name}代表事迹（草稿）",
        slug=f"shiji-{year.label}-{mandate.pk}",
        representative=person,
        date=timezone.localdate(moment),
        excellent_year=year.label,
        timeline=[("entry", {"date": day, "text": text}) for day, text in _deeds(sheet.content)],
        live=False,
        owner=actor,
    )
    section.add_child(instance=page)
    page.save_revision(user=actor)
    record("scoring.step", year, actor=actor, step="draft_profile", representative=person.pk)
    return page, True


@transaction.atomic
def uncrown(*, year: Year, stories: Iterable[ProfilePage], actor: User) -> None:
    """Take the year out of stories that call their person excellent in it: from the public page, its draft and what
    waits to be published. The words of the story stay; so does what was printed.

    Part of recording a supplement (scoring/operations/supplements.py), which has checked the right.
    """
    for page in stories:
        shown: dict[str, Any] = {}
        if page.excellent_year == year.label:
            shown["excellent_year"] = None
        waiting = Q(approved_go_live_at__isnull=False) | Q(task_states__status=TaskState.STATUS_IN_PROGRESS)
        for revision in page.revisions.filter(waiting, content__excellent_year=year.label).distinct():
            Revision.objects.filter(pk=revision.pk).update(
                content=revision.content | {"excellent_year": None}
            )
        draft = page.get_latest_revision_as_object()
        if draft.excellent_year == year.label:
            draft.excellent_year = None
            kept = draft.save_revision(user=actor, changed=False, clean=False, log_action=True)
            if page.live and not page.has_unpublished_changes:
                shown["live_revision"] = kept
        if shown:
            ProfilePage.objects.filter(pk=page.pk).update(**shown)
    forget_pages()


def _deeds(content: dict[str, Any]) -> Iterator[tuple[date, str]]:
    """Yield the day and title of what the person did, the earliest first; a record that fed two items once."""
    seen: dict[str, tuple[date, str]] = {}
    for category in content.get("categories", []):
        for item in category["items"]:
            for line in item["lines"]:
                kind = line["source"].partition(":")[0]
                if line["date"] and kind in DEEDS and line["what"] not in NOT_THERE:
                    text = line["label"].replace("|", "")[:LONGEST]
                    seen.setdefault(line["source"], (date.fromisoformat(line["date"]), text))
    yield from sorted(seen.values())[:ENTRIES]
