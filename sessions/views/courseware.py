"""What the library of courseware shows, and the files it gives out: every one passes the same question who may."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.documents.wagtail_hooks import check_view_restrictions

from portal.conventions.addresses import understood
from portal.models.pages import PAGE_SIZE
from portal.search.words import WORDS
from portal.uploads import answer, safe_name
from portal.visibility import open_to_all
from sessions.courseware.shelf import courseware, files_given_out, most_downloaded_first, opens
from sessions.models import CoursewarePage, FilePreview
from sessions.operations import count_download

SELECTED = "selected"  # ?kind= of fine courseware
DOWNLOADS = "downloads"  # ?sort=
COUNTED = (
    "kejian"  # the cookie that remembers until midnight which files a visitor has taken; it is told nobody
)
MOST_COUNTED = 60  # files in that cookie
Kind = CoursewarePage.Kind
Access = CoursewarePage.Access


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many public courseware share these traits."""

    theme: str
    kind: str
    selected: bool
    year: int
    month: int
    station: int | None
    station_name: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked to see; unknown words count as nothing asked."""

    theme: str
    kind: str  # a kind, or SELECTED
    month: str  # 2026-11
    station: str
    words: str
    sort: str

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.theme or self.kind or self.month or self.station or self.words)

    def has(self, shelf: Shelf) -> bool:
        """Whether the filters, not the words, let a shelf through."""
        return (
            (not self.theme or shelf.theme == self.theme)
            and (not self.kind or (shelf.selected if self.kind == SELECTED else shelf.kind == self.kind))
            and (not self.month or _month(shelf) == self.month)
            and (not self.station or str(shelf.station) == self.station)
        )

    def keep(self, pages: Any) -> Any:
        """Return those of `pages` that fit, in the order asked for."""
        if self.theme:
            pages = pages.filter(theme=self.theme)
        if self.kind:
            pages = pages.filter(selected=True) if self.kind == SELECTED else pages.filter(kind=self.kind)
        if self.month:
            year, month = self.month.split("-")
            pages = pages.filter(date__year=year, date__month=month)
        if self.station:
            pages = pages.filter(session__activity__station=self.station)
        if self.words:
            fields = ("title", "summary", "author__name", "guest_author", "session__title")
            for word in self.words.split()[:WORDS]:
                some = Q()
                for field in fields:
                    some |= Q(**{f"{field}__icontains": word})
                pages = pages.filter(some)
        return most_downloaded_first(pages) if self.sort == DOWNLOADS else pages


def index_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what the library shows: what there is of each sort, what was asked for, one page of it (3 queries)."""
    shelves = _shelves()
    themes = _numbers(shelves, "theme")
    kinds = _numbers(shelves, "kind")
    months = sorted({_month(shelf) for shelf in shelves}, reverse=True)
    stations = {str(s.station): s.station_name for s in shelves if s.station}
    asked = Asked(
        theme=_one_of(request, "theme", themes),
        kind=_one_of(request, "kind", [*kinds, SELECTED]),
        month=_one_of(request, "month", months),
        station=_one_of(request, "station", stations),
        words=" ".join(request.GET.get("q", "").replace("\x00", " ").split())[:60],
        sort=_one_of(request, "sort", [DOWNLOADS]),
    )
    found = Paginator(asked.keep(courseware()), PAGE_SIZE)
    if not asked.words:  # the shelves have counted already; this saves a query
        found.__dict__["count"] = sum(shelf.number for shelf in shelves if asked.has(shelf))
    items = found.get_page(request.GET.get("page"))
    return {
        "asked": asked,
        "themes": [name for name, _ in themes.most_common() if name],
        "kinds": [(value, label, kinds[value]) for value, label in Kind.choices if kinds[value]],
        "months": months,
        "stations": sorted(stations.items(), key=lambda each: str(each[1])),
        "total": sum(shelf.number for shelf in shelves),
        "total_selected": sum(shelf.number for shelf in shelves if shelf.selected),
        "items": items,
        "understood": understood(
            theme=asked.theme,
            kind=asked.kind,
            month=asked.month,
            station=asked.station,
            q=asked.words,
            sort=asked.sort,
            page=items,
        ),
    }


def _shelves() -> list[Shelf]:
    station = "session__activity__station"
    traits = ("theme", "kind", "selected", "date__year", "date__month", station, f"{station}__name")
    pages = open_to_all(CoursewarePage.objects.all()).order_by()
    return [Shelf(*row) for row in pages.values_list(*traits).annotate(n=Count("pk"))]


def _numbers(shelves: list[Shelf], trait: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for shelf in shelves:
        counted[getattr(shelf, trait)] += shelf.number
    return counted


def _month(shelf: Shelf) -> str:
    return f"{shelf.year:04d}-{shelf.month:02d}"


def _one_of(request: HttpRequest, name: str, known: Any) -> str:
    word = request.GET.get(name, "")
    return word if word in known else ""


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give out a file of a published courseware, and count that once a day for each visitor; a HEAD counts nothing."""
    file, refused = _asked_for(request, pk)
    if refused:
        return refused
    document = file.document
    ending = document.file_extension.lower()
    title = document.title.removesuffix(f".{ending}")
    try:
        response = answer(
            document.file, name=safe_name(f"{title}.{ending}"), content_type=document.content_type
        )
    except FileNotFoundError as gone:
        raise Http404 from gone
    if request.method == "GET":
        _count(request, response, file)
    return response


@require_safe
def preview(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Show a picture of a file to who may open the file; browsers may keep those of public ones for ten minutes."""
    file, refused = _asked_for(request, pk)
    if refused:
        return refused
    picture = get_object_or_404(FilePreview, document=file.document_id, number=number)
    try:
        response = answer(picture.image, name=f"{number}.webp", content_type="image/webp", attachment=False)
    except FileNotFoundError as gone:
        raise Http404 from gone
    if opens(file.page, file, None):
        response["Cache-Control"] = "private, max-age=600"
    return response


def _asked_for(request: HttpRequest, pk: int) -> tuple[Any, HttpResponseBase | None]:
    """Return a file that is given out and, for who may not open it, where they sign in; 404 for a draft's file."""
    file = get_object_or_404(files_given_out(), pk=pk)
    if not opens(file.page, file, request.user):
        return file, redirect_to_login(request.get_full_path())
    return file, check_view_restrictions(file.document, request)


def _count(request: HttpRequest, response: HttpResponseBase, file: Any) -> None:
    """Count a visitor's first download of a file on this day; what they took is remembered by their own browser."""
    now = timezone.localtime()
    day, _, taken = request.COOKIES.get(COUNTED, "").partition(".")
    before = taken.split("-")[:MOST_COUNTED] if day == f"{now:%Y%m%d}" and taken else []
    key = str(file.pk)
    if key in before or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return
    count_download(page_id=file.page_id, document_id=file.document_id)
    midnight = (24 - now.hour) * 3600 - now.minute * 60 - now.second
    value = f"{now:%Y%m%d}." + "-".join([key, *before][:MOST_COUNTED])
    response.set_cookie(
        COUNTED, value, max_age=midnight, path="/kejian/xz/", httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
