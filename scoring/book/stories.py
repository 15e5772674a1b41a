"""优秀代表: who is compiled, and their stories as the book prints them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from portal.visibility import open_to_all
from scoring.book.nodes import Block, Person, Picture, Story, TimelineEntry
from scoring.book.pictures import PictureFolder
from scoring.book.prose import prose
from scoring.models import FrozenSheet, Year
from scoring.sheets import rules_of
from scoring.supplements import holding
from stations.models import GroupMembership, ProfilePage


def first_band(year: Year) -> str:
    """Return the name of the best band of the year's standard, e.g. 优秀."""
    return rules_of(year.standard).bands[0].name


def compiled_pages(year: Year) -> Any:
    """Return the stories the book may hold, by 姓名笔画.

    Three things must hold (PRODUCT.md, The book): the best band holds now, as confirmed or by a supplement, the person
    agreed to be compiled, and the story is on the public site. Nothing else lets a story in.
    """
    sheets = FrozenSheet.objects.filter(year=year, mandate__representative__compile_consent=True)
    best = holding(sheets).filter(now_band=first_band(year))
    people = best.values("mandate__representative")
    return (
        open_to_all(ProfilePage.objects.filter(representative__in=people))
        .select_related("representative", "portrait", "cover")
        .order_by("representative__stroke_key", "representative__pk")
    )


def stories_of(year: Year, pictures: PictureFolder) -> tuple[Story, ...]:
    """Return the stories of the year in printing order (a fixed number of queries beside the pictures')."""
    pages = list(compiled_pages(year))
    groups = _groups(year, pages)
    tags = _tags(pages)
    stamp = f"{first_band(year)}代表"
    return tuple(
        Story(
            title=page.title,
            person=_person(page, groups.get(page.representative_id, ""), pictures),
            dek=page.summary,
            byline=page.byline,
            band_note=stamp,
            tags=tuple(tags[page.pk]),
            blocks=tuple(_body(page, pictures)),
            timeline=tuple(_timeline(page)),
        )
        for page in pages
    )


def _person(page: Any, group: str, pictures: PictureFolder) -> Person:
    person = page.representative
    return Person(
        name=person.name,
        group=group,
        unit=person.occupation,
        portrait=pictures.original(page.portrait) if page.portrait else None,
        sort_key=person.stroke_key,
    )


def _body(page: Any, pictures: PictureFolder) -> list[Block]:
    """The cover opens the story, unless the text shows the same picture anyway."""
    blocks = prose(page.body, pictures)
    if page.cover is None:
        return blocks
    opening = pictures.picture(page.cover, alt=f"{page.representative.name}代表事迹配图")
    shown = {block.path for block in blocks if isinstance(block, Picture)}
    return blocks if opening.path in shown else [opening, *blocks]


def _timeline(page: Any) -> Iterable[TimelineEntry]:
    for child in page.timeline:
        day = child.value["date"]
        yield TimelineEntry(f"{day.year} 年 {day.month} 月 {day.day} 日" if day else "", child.value["text"])


def _groups(year: Year, pages: list[Any]) -> dict[int, str]:
    """Return the group of each person on the last day of the year (1 query)."""
    rows = GroupMembership.objects.on(year.ends_on).filter(
        mandate__term=year.term, mandate__representative__in=[page.representative_id for page in pages]
    )
    return dict(rows.order_by("pk").values_list("mandate__representative", "group__name"))


def _tags(pages: list[Any]) -> dict[int, list[str]]:
    """Return the words of each story in the order they were given (1 query)."""
    words: dict[int, list[str]] = defaultdict(list)
    rows = ProfilePage.tags.through.objects.filter(content_object__in=pages).order_by("pk")
    for page, word in rows.values_list("content_object", "tag__name"):
        words[page].append(word)
    return words
