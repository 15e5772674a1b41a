"""Wagtail's forms of documents and pictures, for every way in: what they take is judged by its content."""

import hashlib
import io
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from portal.documents import AT_MOST, take_document
from portal.pictures.making import make_for_image
from portal.uploads import UploadRefused, take

# What Pillow raises on a picture that is damaged or was not transferred whole.
DAMAGED = (EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError, struct.error)
NOT_OPENED = "这张图片打不开，可能没有传完整，请重新选择文件。"
TOLD = (
    "exif",
    "xmp",
    "XML:com.adobe.xmp",
    "comment",
    "Raw profile type exif",
    "photoshop",
)  # a picture's metadata


DESCRIBED = "给看不见图片的读者：画面里有什么，一句话。正文里用这张图时，不另写就用这一句。"


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

    def _update_errors(self, errors: ValidationError) -> None:
        """Say of a file that was refused only why: the document without it would complain of an ending of no letters."""
        if "file" in self.errors:
            errors.error_dict.pop("file", None)
        super()._update_errors(errors)


class ImageForm(BaseImageForm):
    """A picture: photographs are made anew, so that nobody reads in them where they were taken (threat 10)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = partial(_opened, field.to_python)
        if "description" in self.fields:
            self.fields["description"].label = "替代文字"
            self.fields["description"].help_text = DESCRIBED

    def clean_file(self) -> Any:
        """Return the picture without what it tells of itself, under a name that no other picture has."""
        file = self.cleaned_data["file"]
        if not file or "file" not in self.changed_data:
            return file
        try:
            bare = _without_metadata(file)
        except UploadRefused as refused:
            raise ValidationError(str(refused), code="refused") from refused
        except DAMAGED as broken:
            raise ValidationError(NOT_OPENED, code="invalid_image") from broken
        bare.seek(0)
        # Renditions are named after the file, and readers keep them for a day: a new picture has a new name.
        bare.name = f"{hashlib.sha256(bare.read()).hexdigest()[:12]}-{bare.name}"
        bare.seek(0)
        return bare

    def save(self, commit: bool = True) -> Any:
        """Keep the picture; what published pages show of it is there when the editor is answered."""
        shown = bool({"file", "focal_point_x", "focal_point_y"} & set(self.changed_data))
        changed = self.instance.pk is not None and shown
        with transaction.atomic():  # so that what waits for the commit finds the old renditions gone
            image = super().save(commit=commit)
        if commit and changed:
            make_for_image(image=image, kinds=("webp",))
        return image


def _opened(to_python: Callable[[Any], Any], data: Any) -> Any:
    """Return what Wagtail's field makes of the upload; it asks for the size of what cannot be opened."""
    try:
        return to_python(data)
    except DAMAGED as broken:
        raise ValidationError(NOT_OPENED, code="invalid_image") from broken


def _without_metadata(file: Any) -> Any:
    file.seek(0)
    with Image.open(file) as picture:
        kind, told = str(picture.format), any(picture.info.get(name) for name in TOLD)
        told = told or bool(picture.getexif())
        frames = getattr(picture, "n_frames", 1)
        for frame in range(frames):  # the first opens in many a file of which only a half arrived
            picture.seek(frame)
            picture.load()
        moves = frames > 1
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
