"""The files of Wagtail's documents: what may come in, and which of them a reader may have."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.http import Http404, HttpRequest
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from portal.uploads import MAX_MEMBERS, MAX_UNPACKED, UploadRefused, kind_of, safe_name, take
from portal.visibility import open_to_all

AT_MOST = 200 * 1024 * 1024  # bytes (design, §7)
TAKEN = frozenset({"pdf", "docx", "xlsx", "pptx", "mp4"})  # what portal.uploads knows by its content
PACKED = frozenset({*TAKEN, "txt", "csv", "mp3", "jpg", "jpeg", "png", "webp", "gif"})  # endings inside a ZIP
SOUND = re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
MARKUP = re.compile(rb"\s*(<!doctype|<html|<\?xml|<svg|<script|<\?php)", re.IGNORECASE)
OUR_KINDS = "请上传 PDF、Word、Excel、PowerPoint、MP4、MP3、文本或 ZIP 文件。"


def take_document(file: File) -> str:  # type: ignore[type-arg]
    """Return the name under which a document may be kept; its ending tells what it is, whatever it was called.

    Raises UploadRefused, with a sentence for the editor, for what is too large, of no kind of ours, two kinds at once,
    what could run, and an archive that is too much or holds such things (threats 7, 9, 11).
    """
    name = safe_name(file.name or "")
    if file.size > AT_MOST:
        raise UploadRefused("课件没有传上去。文件超过 200 MB。请压缩或拆成两个文件再传。已填写的内容还在。")
    kind = kind_of(file)
    ending = name.rpartition(".")[2].lower()
    if kind in TAKEN:
        if kind == "pdf" and zipfile.is_zipfile(file):
            raise UploadRefused(f"“{name}”里还夹着一个压缩包，没有收下。请重新导出 PDF 再传。")
        return take(file, allowed=TAKEN, at_most=AT_MOST).name
    if not kind and ending in {"txt", "csv"} and _is_text(file):
        return name
    if not kind and ending == "mp3" and SOUND.match(_head(file)):
        return name
    if not kind and ending == "zip" and _head(file).startswith(b"PK\x03\x04"):
        _look_into(file, name)
        return name
    if kind or ending in {"txt", "csv", "mp3", "zip"}:
        raise UploadRefused(f"“{name}”的内容不是可以上传的种类，没有收下。{OUR_KINDS}")
    return take(file, allowed=TAKEN, at_most=AT_MOST).name  # refuses, with the words for what it is


def _head(file: File) -> bytes:  # type: ignore[type-arg]
    file.seek(0)
    head: bytes = file.read(1024)
    file.seek(0)
    return head


def _is_text(file: File) -> bool:  # type: ignore[type-arg]
    """Whether the beginning is text that no browser would take for a page."""
    head = _head(file)
    if b"\0" in head or MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as cut:
        return cut.start > len(head) - 4 and len(head) == 1024  # a character was cut in two
    return True


def _look_into(file: File, name: str) -> None:  # type: ignore[type-arg]
    """Refuse an archive that leads outside, is locked, unpacks to too much, or holds what is no document."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as broken:
        raise UploadRefused(f"“{name}”打不开，可能没有传完整。请重新压缩再传。") from broken
    finally:
        file.seek(0)
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UploadRefused(f"“{name}”展开后太大，没有收下。请分成几个压缩包再传。")
    if any(member.flag_bits & 1 for member in members):
        raise UploadRefused(f"“{name}”加了密码，没有收下。请去掉密码再压缩。")
    for inner in _files(members):
        if inner.startswith(("/", "\\")) or ".." in PurePosixPath(inner.replace("\\", "/")).parts:
            raise UploadRefused(f"“{name}”的内部结构不对，没有收下。请重新压缩再传。")
        if inner.rpartition(".")[2].lower() not in PACKED:
            raise UploadRefused(
                f"“{name}”里的“{safe_name(inner)}”不是可以上传的种类，没有收下。请去掉它再压缩。"
            )


def _files(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    for member in members:
        hidden = member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")
        if not member.is_dir() and not (hidden and ".." not in member.filename):
            yield member.filename


def works_with_documents(user: Any) -> bool:
    """Whether `user` may choose or change documents in the admin."""
    policy = policy_registry.get_by_type(get_document_model())
    return bool(policy.user_has_any_permission(user, ["add", "change", "choose"]))


def is_shown_openly(document: Any) -> bool:
    """Whether a published page that nothing restricts, or a setting, refers to the document (2 queries).

    It asks Wagtail's own index of references, which the background worker keeps: a document opens with the next
    seconds after its page was published.
    """
    references = set(ReferenceIndex.get_references_to(document).values_list("base_content_type", "object_id"))
    of_page = ContentType.objects.get_for_model(Page).pk
    pages = {key for kind, key in references if kind == of_page}
    if len(pages) < len(references):
        return True
    return bool(pages) and bool(open_to_all(Page.objects.filter(pk__in=pages)).exists())


def keep_unpublished(document: Any, request: HttpRequest) -> None:
    """Answer 404 for a document that nothing published shows, but to who works with documents (threat 43)."""
    if not works_with_documents(request.user) and not is_shown_openly(document):
        raise Http404
