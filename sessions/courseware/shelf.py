"""Reads of courseware: what the public sees of it, who may open a file, which one had a file first."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from wagtail.models import CollectionViewRestriction

from portal.models import User
from portal.pictures.uses import pictures_for
from portal.visibility import open_to_all
from sessions.models import CoursewareFile, CoursewarePage, DownloadCount, FileFacts, FilePreview

Access = CoursewarePage.Access


def courseware() -> Any:
    """Return public courseware, the newest first, with author, session, cover and files as `.files_listed`.

    2 queries, and 2 more where a page has a cover. Each file has `.shut` (its collection is not for everybody),
    `.pictured` (there is a picture of it) and `.downloads`. Courseware for representatives is listed too: who may
    open its files is told by `opens`.
    """
    return with_files().prefetch_related(Prefetch("cover", pictures_for("card", "figure")))


def with_files() -> Any:
    """Return the same without covers, for lists of files (2 queries)."""
    files = Prefetch("files", files_shown(), to_attr="files_listed")
    return listed().select_related("author", "session").prefetch_related(files)


def listed() -> Any:
    """Return public courseware, the newest first, for lists of titles (1 query)."""
    return open_to_all(CoursewarePage.objects.all()).order_by("-date", "-pk")


def files_shown() -> Any:
    """Return files of courseware in the order of their pages, with document, `.shut`, `.pictured`, `.downloads`."""
    first = FilePreview.objects.filter(document=OuterRef("document"), number=0)
    counted = DownloadCount.objects.filter(page=OuterRef("page"), document=OuterRef("document"))
    path = ExpressionWrapper(OuterRef("document__collection__path"), output_field=CharField())
    closing = CollectionViewRestriction.objects.annotate(inner=path).filter(
        inner__startswith=F("collection__path")
    )
    return (
        CoursewareFile.objects.select_related("document")
        .annotate(
            shut=Exists(closing),
            pictured=Exists(first),
            downloads=Coalesce(Subquery(counted.values("downloads")), 0, output_field=IntegerField()),
        )
        .order_by("sort_order", "pk")
    )


def most_downloaded_first(pages: Any) -> Any:
    """Order courseware by the downloads of all its files, the newest first among equals."""
    counted = DownloadCount.objects.filter(page=OuterRef("pk")).order_by().values("page")
    total = Subquery(counted.annotate(n=Sum("downloads")).values("n"))
    return pages.annotate(taken=Coalesce(total, Value(0), output_field=IntegerField())).order_by(
        "-taken", "-date", "-pk"
    )


def files_given_out() -> Any:
    """Return the files of published courseware on pages that nothing restricts; `opens` says who may have them."""
    return (
        files_shown()
        .filter(page__in=open_to_all(CoursewarePage.objects.all()))
        .select_related("page", "document__collection")
    )


def open_files() -> Any:
    """Return the files that everybody may open: of public courseware that is published, in no closed collection."""
    return files_given_out().filter(page__access=Access.PUBLIC, shut=False)


def opens(page: CoursewarePage, file: Any, user: User | AnonymousUser | None) -> bool:
    """Whether `user` may open a file read by `files_shown`: everybody a public one, who is signed in the others."""
    if user is not None and user.is_authenticated:
        return True
    return page.access == Access.PUBLIC and not getattr(file, "shut", False)


def pictures_of(page: CoursewarePage, user: User | AnonymousUser | None) -> list[FilePreview]:
    """Return the first pages of the first file that has pictures, each with `.file`, for who may open it (1 query)."""
    file = next((each for each in page.files_listed if getattr(each, "pictured", False)), None)
    if file is None or not opens(page, file, user):
        return []
    found = list(FilePreview.objects.filter(document=file.document_id, number__gt=0).order_by("number"))
    for picture in found:
        picture.file = file  # type: ignore[attr-defined]
    return found


def had_before(page: CoursewarePage) -> CoursewarePage | None:
    """Return the earliest other published courseware that holds a file of `page`, byte for byte; else None."""
    own = CoursewareFile.objects.filter(page=page.pk).values("document")
    prints = FileFacts.objects.filter(document__in=own).values("sha256")
    same = FileFacts.objects.filter(sha256__in=prints).values("document")
    pages = CoursewarePage.objects.live().filter(files__document__in=same).exclude(pk=page.pk)
    earliest: CoursewarePage | None = pages.select_related("author").order_by("date", "pk").first()
    return earliest
