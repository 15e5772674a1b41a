"""Public pages for the tests of this folder: a session's page with its activity, courseware with a file."""

import io
from datetime import date

from django.core.files.base import ContentFile
from pypdf import PdfWriter
from wagtail.documents import get_document_model

from sessions.models import CoursewareFile, CoursewarePage, SharingSessionPage
from tests.conftest import START


def face(city, site, *, title="示例分享会", slug=None, live=True, page=None, **activity):
    """Create an activity (open, at START, unless told otherwise) with its page and return the page."""
    activity = city.activity(title=title, **activity)
    made = SharingSessionPage(
        title=title,
        slug=slug or f"session-{activity.pk}",
        activity=activity,
        live=live,
        **(page or {}),
    )
    site["fenxianghui"].add_child(instance=made)
    return made


def pdf(pages=5, size=(320, 180)):
    """Return a PDF of so many empty pages of `size` points."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def courseware(
    site, *, title="示例课件", extension="pdf", day=date(2026, 6, 1), live=True, content=b"example", **more
):
    """Create courseware with one file and return its page."""
    made = CoursewarePage(title=title, slug=f"courseware-{CoursewarePage.objects.count()}", date=day, **more)
    made.live = live
    document = get_document_model()(title=title)
    document.file.save(f"example.{extension}", ContentFile(content), save=False)
    document.file_size = len(content)
    document.save()
    made.files = [CoursewareFile(document=document)]
    site["kejian"].add_child(instance=made)
    return made


HOUR_BEFORE, HOUR_AFTER = START.replace(hour=13), START.replace(hour=15)
DAY_AFTER = START.replace(day=19)
