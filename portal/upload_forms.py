"""Wagtail's forms of documents and pictures, for every way in: what they take is judged by its content."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from portal.documents import AT_MOST, take_document
from portal.uploads import UploadRefused, take

TOLD = (
    "exif",
    "xmp",
    "XML:com.adobe.xmp",
    "comment",
    "Raw profile type exif",
    "photoshop",
)  # a picture's metadata


class DocumentForm(BaseDocumentForm):
    """A document: of our kinds, at most 200 MB, with the ending of what it is."""

    def clean_file(self) -> Any:
        """Return the file under the name that it may keep."""
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            try:
                file.name = take_document(file)
            except UploadRefused as refused:
                raise ValidationError(str(refused), code="refused") from refused
        return file


class ImageForm(BaseImageForm):
    """A picture: photographs are made anew, so that nobody reads in them where they were taken (threat 10)."""

    def clean_file(self) -> Any:
        """Return the picture without what it tells of itself."""
        file = self.cleaned_data["file"]
        if not file or "file" not in self.changed_data:
            return file
        try:
            return _without_metadata(file)
        except UploadRefused as refused:
            raise ValidationError(str(refused), code="refused") from refused


def _without_metadata(file: Any) -> Any:
    file.seek(0)
    with Image.open(file) as picture:
        kind, told = str(picture.format), any(picture.info.get(name) for name in TOLD)
        told = told or bool(picture.getexif())
        moves = getattr(picture, "n_frames", 1) > 1
    file.seek(0)
    if kind == "JPEG":
        upload = take(file, allowed={"jpg"}, at_most=AT_MOST)
        return SimpleUploadedFile(upload.name, upload.content.read(), upload.content_type)
    if not told:
        return file
    if moves:
        raise UploadRefused(f"“{file.name}”是带拍摄信息的动图，没有收下。请换成静态图片再传。")
    return _saved_anew(file, kind)


def _saved_anew(file: Any, kind: str) -> Any:
    """Return the picture of the same kind with its colours and its transparency, and nothing else."""
    with Image.open(file) as picture:
        picture.load()
        bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
        if picture.palette:
            bare.putpalette(picture.palette)
        kept = {name: picture.info[name] for name in ("transparency", "icc_profile") if name in picture.info}
    out = io.BytesIO()
    bare.save(out, kind, **kept)
    return SimpleUploadedFile(file.name, out.getvalue(), getattr(file, "content_type", None) or "image/png")
