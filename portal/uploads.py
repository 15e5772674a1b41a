"""Files that people hand in: judged by what is in them, pictures made anew without metadata, kept where no address leads.

Threats 8 to 11: a name proves nothing, a picture may be a bomb or say where it was taken, an office file may run.
"""

import hashlib
import io
import unicodedata
import uuid
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

import pi_heif  # type: ignore[import-untyped]
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.deconstruct import deconstructible
from PIL import Image, ImageOps

PICTURES = frozenset({"jpg", "png", "webp", "heic"})
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "mp4": "video/mp4",
}
WORDS = {
    "jpg": "JPG 照片",
    "png": "PNG 图片",
    "webp": "WebP 图片",
    "heic": "苹果手机照片（HEIC）",
    "pdf": "PDF",
    "docx": "Word（.docx）",
    "xlsx": "Excel（.xlsx）",
    "pptx": "PowerPoint（.pptx）",
    "mp4": "MP4 视频",
}
PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, .ppt, and every office file with a password
MAX_PIXELS = 60_000_000  # as for pictures of the editors; a phone of today takes 50 million
LONGEST_SIDE = 3000  # px; enough for a full page of the book at 300 dpi
MAX_MEMBERS = 5_000  # of an office file
MAX_UNPACKED = 500 * 1024 * 1024  # bytes of all its members together
MAX_XML = 150 * 1024 * 1024  # bytes of one of its XML parts
NAME_LENGTH = 80  # characters that are kept of a file's name


class UploadRefused(ValueError):
    """The file is not taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept. A picture is a JPEG made anew, whatever it was; `kind` is what it is now."""

    name: str  # for people to read; never a path
    kind: str
    content_type: str
    size: int  # bytes
    sha256: str  # of what was handed in, so that the same file is known again
    content: File  # type: ignore[type-arg]


@deconstructible
class PrivateName:
    """`upload_to` of private files: a folder and a random name, nothing of what the person called the file."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: object, name: str) -> str:
        return f"{self.folder}/{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()[:6]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateName) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)


def private_storage() -> Storage:
    """Return where private files lie; give it to a FileField as `storage`, uncalled."""
    return storages["private"]


def take(file: File, *, allowed: Collection[str], at_most: int, beside: Collection[str] = ()) -> Upload:  # type: ignore[type-arg]
    """Return `file` as it may be kept: of one of the kinds in `allowed` (keys of CONTENT_TYPES), `at_most` bytes.

    `beside` names what the caller takes without this function, for the sentence that says what may be uploaded.
    Raises UploadRefused for what is too large, empty, of another kind than it says, damaged, or could run.
    """
    name = safe_name(file.name or "")
    if file.size > at_most:
        raise UploadRefused(
            f"“{name}”有 {_megabytes(file.size)}，超过 {_megabytes(at_most)}。请压缩或拆分后再传。"
        )
    if not file.size:
        raise UploadRefused(f"“{name}”是空的，请重新选择文件。")
    kind = kind_of(file)
    if kind not in allowed:
        raise UploadRefused(_of_another_kind(file, name, allowed, beside))
    digest = _digest(file)
    if kind in PICTURES:
        content = ContentFile(_made_anew(file, name))
        return Upload(_renamed(name, "jpg"), "jpg", CONTENT_TYPES["jpg"], content.size, digest, content)
    if kind in PARTS.values():
        _look_inside(file, name)
    file.seek(0)
    return Upload(_renamed(name, kind), kind, CONTENT_TYPES[kind], file.size, digest, file)


def kind_of(file: File) -> str:  # type: ignore[type-arg]
    """Return the kind that the content shows (a key of CONTENT_TYPES), "" for any other; the name plays no part."""
    file.seek(0)
    head = file.read(32)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"} else "mp4"
    return _office_kind(file) if head.startswith(b"PK\x03\x04") else ""


def safe_name(name: str) -> str:
    """Return the last part of a file's name without control characters, shortened, so that it may be shown."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if dot and len(suffix) <= 5:
        return f"{stem[: NAME_LENGTH - 6]}.{suffix}"
    return kept[:NAME_LENGTH] or "文件"


def answer(stored: FieldFile, *, name: str, content_type: str, attachment: bool = True) -> FileResponse:
    """Return a private file to somebody whose right to it the caller has checked; it cannot run in the page.

    `attachment=False` is for pictures that take() made, shown in a page of ours. Raises FileNotFoundError.
    """
    response = FileResponse(
        stored.open("rb"), as_attachment=attachment, filename=name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _office_kind(file: File) -> str:  # type: ignore[type-arg]
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[: MAX_MEMBERS + 1])
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        RuntimeError,
    ):  # the last: packed in a way Python does not know
        return ""
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for part, kind in PARTS.items() if part in names), "")


def _look_inside(file: File, name: str) -> None:  # type: ignore[type-arg]
    """Refuse an office file that runs, leads outside, or unpacks to more than a machine should take (threat 7)."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
        raise UploadRefused(f"“{name}”展开后太大，没有收下。请删去多余的内容再传。")
    for member in members:
        inner = member.filename
        if inner.startswith(("/", "\\")) or ".." in PurePosixPath(inner.replace("\\", "/")).parts:
            raise UploadRefused(f"“{name}”的内部结构不对，没有收下。请重新另存一份再传。")
        if inner.lower().endswith((".xml", ".rels")) and member.file_size > MAX_XML:
            raise UploadRefused(f"“{name}”展开后太大，没有收下。请删去多余的内容再传。")
        if inner.lower().endswith("vbaproject.bin"):
            raise UploadRefused(f"“{name}”里有宏，没有收下。请另存为不带宏的格式再传。")


def _made_anew(file: File, name: str) -> bytes:  # type: ignore[type-arg]
    """Return the picture as a new JPEG: upright, at most LONGEST_SIDE, nothing of its metadata but the colours."""
    pi_heif.register_heif_opener()
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP", "HEIF")) as source:
            if source.width * source.height > MAX_PIXELS:
                raise UploadRefused(f"“{name}”的像素太多，没有收下。请缩小后再传。")
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG only: decodes a large one at a fraction
            profile = source.info.get("icc_profile")
            picture = ImageOps.exif_transpose(source)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)
            picture = _on_white(picture)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=85, optimize=True, icc_profile=profile)
            return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UploadRefused(f"“{name}”的像素太多，没有收下。请缩小后再传。") from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as broken:
        if isinstance(broken, UploadRefused):
            raise
        raise UploadRefused(f"“{name}”打不开，可能没有传完整。请重新拍照或另存一份再传。") from broken
    finally:
        file.seek(0)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        ground = Image.new("RGB", with_alpha.size, "white")
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _of_another_kind(file: File, name: str, allowed: Collection[str], beside: Collection[str]) -> str:  # type: ignore[type-arg]
    taken = "、".join([*(words for kind, words in WORDS.items() if kind in allowed), *beside])
    renewed = "、".join([*(f".{kind}" for kind in PARTS.values() if kind in allowed), *beside])
    file.seek(0)
    if renewed and file.read(8) == OLD_OFFICE:
        return f"“{name}”是旧格式或加了密码的文件，没有收下。请去掉密码，另存为新格式（{renewed}）再传。"
    return f"“{name}”的内容不是可以上传的种类，没有收下。请上传 {taken}。"


def _renamed(name: str, kind: str) -> str:
    """Return the name with the ending of what the file is now."""
    stem = name.rpartition(".")[0] if "." in name else name
    return f"{stem or '文件'}.{kind}"


def _digest(file: File) -> str:  # type: ignore[type-arg]
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 ", " ")
