"""Writes of courseware: where its files lie, what is known of them, the award, the count of downloads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from portal.search.indexing import refresh
from sessions.courseware.examining import Found, fingerprint
from sessions.models import CoursewareFile, CoursewarePage, DownloadCount, FileFacts, FilePreview, FileText

CLOSED = "仅代表可下载的课件"  # the collection's name in the admin
Access = CoursewarePage.Access


class CoursewareRefused(ValueError):
    """The step is not possible; the message says why and what to do."""


@transaction.atomic
def shelve_courseware(*, page: CoursewarePage, actor: User | None) -> list[int]:
    """Put the files of a published courseware where its access says, and note their fingerprints.

    Files for representatives lie in a collection that asks everybody to sign in; a file that another courseware keeps
    for representatives stays there. Returns the keys of documents whose pages are still to be counted and drawn.
    Publishing again changes nothing.
    """
    keys = CoursewareFile.objects.filter(page=page.pk).values("document")
    documents = list(get_document_model().objects.filter(pk__in=keys).order_by("pk"))
    waiting = [document.pk for document in documents if not _known(document)]
    moved = [document.pk for document in documents if _move(document)]
    if moved:
        record("sharing.shelve_courseware", page, actor=actor, access=page.access, documents=moved)
    _tell_length(documents)
    for text in FileText.objects.filter(document__in=documents):
        refresh(text)  # whether the search finds the words of a file hangs on where the file lies
    return waiting


def _known(document: Any) -> bool:
    """Whether the pages of the document's present file were counted; its fingerprint is noted where it is new."""
    facts = FileFacts.objects.filter(document=document, file_name=document.file.name).first()
    if facts is None:
        try:
            found = fingerprint(document.file)
        except OSError:  # the file is gone: the reader is told so when asking for it
            return True
        facts, _ = FileFacts.objects.update_or_create(
            document=document,
            defaults={
                "file_name": document.file.name, "sha256": found, "pages": None, "examined_at": None,
            },
        )  # fmt: skip
    return facts.examined_at is not None


def _move(document: Any) -> bool:
    """Move a document into or out of the closed collection; return whether it moved."""
    uses = CoursewareFile.objects.filter(document=document, page__live=True)
    if uses.filter(page__access=Access.REPRESENTATIVES).exists():
        if document.collection.get_view_restrictions():
            return False
        document.collection = _closed_collection()
    elif document.collection.name == CLOSED and document.collection.depth == 2:
        document.collection = Collection.get_first_root_node()
    else:
        return False
    document.save(update_fields=["collection"])
    return True


def _closed_collection() -> Collection:
    """Return the collection that asks to sign in; made when it is needed first, closed again if somebody opened it."""
    root = Collection.objects.select_for_update().get(depth=1)
    collection = Collection.objects.filter(depth=2, name=CLOSED).first()
    if collection is None:
        collection = root.add_child(instance=Collection(name=CLOSED))
    CollectionViewRestriction.objects.get_or_create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    return collection


@transaction.atomic
def keep_findings(*, document: Any, file_name: str, found: Found, moment: datetime) -> bool:
    """Keep what was found in the file `file_name` of a document; False when it was replaced in the meantime.

    Pages that show the document are told its length where the editor left that empty, and are rendered anew.
    """
    facts = FileFacts.objects.select_for_update().filter(document=document, file_name=file_name).first()
    if facts is None:
        return False
    for old in FilePreview.objects.filter(document=document):
        old.delete()
    for picture in found.pictures:
        preview = FilePreview(
            document=document, number=picture.number, width=picture.width, height=picture.height
        )
        preview.image.save(f"{picture.number}.webp", ContentFile(picture.content), save=True)
    _keep_text(document, found.text)
    facts.pages, facts.examined_at = found.pages, moment
    facts.save(update_fields=["pages", "examined_at"])
    _tell_length([document])
    forget_pages()
    return True


def _keep_text(document: Any, text: str) -> None:
    """Keep the words of a file in parts; each is indexed by itself."""
    for old in FileText.objects.filter(document=document):
        old.delete()
    starts = range(0, len(text), FileText.LENGTH)
    for number, start in enumerate(starts):
        FileText.objects.create(document=document, number=number, text=text[start : start + FileText.LENGTH])


def _tell_length(documents: Iterable[Any]) -> None:
    """Write 「24 页」 to live pages whose length the editor left empty, from the first of their files."""
    pages = CoursewarePage.objects.filter(length="", files__document__in=documents).distinct()
    for page in pages:
        first = page.files.order_by("sort_order", "pk").first()
        facts = FileFacts.objects.filter(document=first.document_id, pages__isnull=False).first()
        if facts:
            CoursewarePage.objects.filter(pk=page.pk, length="").update(length=f"{facts.pages} 页")


@transaction.atomic
def select_courseware(*, page: CoursewarePage, selected: bool, actor: User) -> bool:
    """Award a courseware 优秀课件, or take that back; return whether anything changed.

    Raises CoursewareRefused for a courseware that is not published, and for one's own.
    """
    held = CoursewarePage.objects.select_for_update().get(pk=page.pk)
    if not held.live:
        raise CoursewareRefused("这份课件还没有发布。请先发布，再评为优秀课件。")
    if held.author and held.author.user_id == actor.pk:
        raise CoursewareRefused("这是您自己的课件，请由其他同事评选。")
    if held.selected == selected:
        return False
    CoursewarePage.objects.filter(pk=held.pk).update(selected=selected)
    record("sharing.select_courseware", held, actor=actor, selected=selected)
    forget_pages()
    return True


@transaction.atomic
def count_download(*, page_id: int, document_id: int) -> None:
    """Count one download of a document from a courseware's page; nothing is kept of who it was."""
    row = DownloadCount.objects.filter(page=page_id, document=document_id)
    if not row.update(downloads=F("downloads") + 1):
        DownloadCount.objects.bulk_create(
            [DownloadCount(page_id=page_id, document_id=document_id)], ignore_conflicts=True
        )
        row.update(downloads=F("downloads") + 1)
