"""What this floor lends to the search: announced sessions, courseware with the text of its files, released ideas."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.search.lent import Found, Hit, Lent, Reader, keys_by_model, open_page, page_hit
from portal.visibility import open_to_all
from sessions.courseware.shelf import open_files
from sessions.models import Activity, CoursewarePage, FileText, Idea, SharingSessionPage


def announced(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from a session's entry to its page, when it is announced."""
    sessions = SharingSessionPage.objects.filter(pk=key, path__startswith=reader.root)
    return open_to_all(sessions).exclude(activity__state=Activity.State.DRAFT).order_by().values("pk")  # type: ignore[no-any-return]


def page_of_text(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from the text of a file to the courseware that gives it to everybody."""
    files = open_files().filter(document__texts=key, page__path__startswith=reader.root)
    return files.order_by("page").values("page")  # type: ignore[no-any-return]


def released(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from an idea's entry to the idea, when it is public."""
    return Idea.objects.public().filter(pk=key).order_by().values("pk")


def show_sessions(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
    """Return the hits of sessions under the day they are held, not the one they were announced on (1 query)."""
    return {
        page.pk: page_hit(page, day=timezone.localdate(page.activity.starts_at))
        for page in SharingSessionPage.objects.filter(pk__in=found).select_related("activity")
    }


def show_courseware(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
    """Return the hits of courseware; where the text of a file was found, its words are shown (2 queries)."""
    keys = keys_by_model(found).get(FileText, [])
    texts = {text.pk: text for text in FileText.objects.filter(pk__in=keys).select_related("document")}
    hits = {}
    for page in CoursewarePage.objects.filter(pk__in=found).select_related("author"):
        inside = [texts[each.key] for each in found[page.pk] if each.key in texts and each.model is FileText]
        author = page.author.name if page.author else page.guest_author
        hit = page_hit(page, line=page.summary or author)
        if inside and not any(each.model is CoursewarePage for each in found[page.pk]):
            whole = [*(text.text for text in inside), *hit.texts]
            hit = page_hit(page, line=page.summary, texts=whole, source=inside[0].document.title)
        hits[page.pk] = hit
    return hits


def show_ideas(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
    """Return the hits of ideas (1 query)."""
    return {
        idea.pk: Hit(
            idea.title,
            reverse("idea", args=[idea.year, idea.number]),
            "金点子",
            day=timezone.localdate(idea.submitted_at),
            line=idea.text,
            texts=[idea.text, idea.reply, idea.handed_to],
        )
        for idea in Idea.objects.filter(pk__in=found)
    }


LENT = [
    Lent("session", "分享会", {SharingSessionPage: announced}, show_sessions, order=30),
    Lent(
        "courseware", "课件", {CoursewarePage: open_page, FileText: page_of_text}, show_courseware, order=40
    ),
    Lent("idea", "金点子", {Idea: released}, show_ideas, order=70),
]
