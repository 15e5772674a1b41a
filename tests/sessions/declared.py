"""Declarations for the tests of this folder: evidence as phones make it, and declarations handed in."""

import io
import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sessions.models import Declaration
from sessions.operations import Deed, attach_evidence, declare, save_declaration, submit_declaration
from tests.conftest import START

LATER = START + timedelta(days=2)  # when declarations are written and decided, unless told otherwise
DAY = START.date()


def photo(name="照片.jpg", *, size=(60, 40), colour="teal", place=True):
    """Return a photograph as a phone hands it in, with the place it was taken at."""
    picture, exif = Image.new("RGB", size, colour), Image.Exif()
    if place:
        exif[0x010F] = "示例手机"
        exif.get_ifd(0x8825)[2] = (33.0, 44.0, 55.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def draft(mandate, activity=None, *, kind="visit", nonce=None, moment=LATER):
    """Start a declaration: of an activity, else of a deed."""
    person = mandate.representative
    return declare(
        representative=person,
        nonce=nonce or uuid.uuid4().hex,
        actor=person.user,
        moment=moment,
        activity=activity,
        deed_kind="" if activity else kind,
    )


def written(
    mandate, *, kind="visit", title="走访三户示例家庭", day=DAY, part="morning", text="逐户问了冬季取暖。"
):
    """Return the draft of a deed with everything told."""
    made = draft(mandate, kind=kind)
    told = Deed(deed_kind=kind, title=title, happened_on=day, part=part, place="示例村")
    return save_declaration(declaration=made, text=text, deed=told, actor=mandate.representative.user)


def deed(mandate, *, moment=LATER, **told):
    """Return a deed that was handed in, with so many photographs (`files`)."""
    made = _with_files(mandate, **told)
    return submit_declaration(declaration=made, actor=mandate.representative.user, moment=moment)


def slipped_in(mandate, *, moment=LATER, **told):
    """Return a deed that waits while its area goes up: no form brings it there, a row of other origin could."""
    made = _with_files(mandate, **told)
    Declaration.objects.filter(pk=made.pk).update(
        state="submitted", submitted_at=moment, mandate=mandate, area=mandate.area, version=1
    )
    made.refresh_from_db()
    return made


def _with_files(mandate, *, files=0, **told):
    made = written(mandate, **told)
    for n in range(files):
        attach_evidence(
            declaration=made, file=photo(f"{n}.jpg", size=(60 + n, 40)), actor=mandate.representative.user
        )
    return made


def attended(mandate, activity, *, text="坐在第三排，忘了签到。", moment=LATER):
    """Return the declared attendance of an activity, handed in."""
    made = draft(mandate, activity, moment=moment)
    user = mandate.representative.user
    save_declaration(declaration=made, text=text, actor=user)
    return submit_declaration(declaration=made, actor=user, moment=moment)
