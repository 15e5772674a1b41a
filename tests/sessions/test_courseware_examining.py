"""What a file is found to be: its pages counted and drawn by a process of its own, nothing at all where it is broken."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from PIL import Image

from sessions.courseware.drawing import MEGABYTES
from sessions.courseware.examining import Found, Picture, examine, fingerprint
from sessions.courseware.tasks import examine_document
from sessions.models import CoursewarePage, FileFacts, FilePreview
from sessions.operations import keep_findings, shelve_courseware
from tests.conftest import START
from tests.sessions.faces import courseware, pdf

ROOT = Path(__file__).resolve().parents[2]


def stored(content, name="a.pdf"):
    """Return a stored file of these bytes."""
    file = FilePreview().image
    file.storage = InMemoryStorage()
    file.save(name, ContentFile(content), save=False)
    return file


def jpeg(size=(256, 144)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG")
    return out.getvalue()


def office(**members):
    """Return an office file with docProps/app.xml and docProps/thumbnail.jpeg where they are given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(f"docProps/{name}.{'xml' if name == 'app' else 'jpeg'}", content)
    return out.getvalue()


def sizes(found):
    return {picture.number: (picture.width, picture.height) for picture in found.pictures}


def test_a_pdf_gives_its_pages_one_picture_for_lists_and_its_first_three_pages():
    found = examine(stored(pdf(pages=5)), "pdf")
    assert (found.pages, sizes(found)) == (5, {0: (640, 360), 1: (960, 540), 2: (960, 540), 3: (960, 540)})
    with Image.open(io.BytesIO(found.pictures[0].content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (640, 360))


@pytest.mark.parametrize(
    ("size", "drawn"), [((595, 842), (960, 1359)), ((14400, 3), (960, 1)), ((3, 14400), (1, 1360))]
)
def test_a_page_of_any_measure_is_fitted_in(size, drawn):
    assert sizes(examine(stored(pdf(1, size)), "pdf")) == {0: (640, 360), 1: drawn}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 broken", "pdf"),
        (b"", "pdf"),
        (pdf()[:200], "pdf"),
        (b"PK\x03\x04 broken", "pptx"),
        (office(app="<Slides>x</Slides>", thumbnail=b"no picture"), "pptx"),
        (office(), "docx"),
    ],
)
def test_a_broken_file_is_no_fault_and_gives_nothing(content, kind):
    assert examine(stored(content), kind) == Found()


def test_slides_tell_their_number_and_lend_the_thumbnail_they_carry():
    slides = office(app="<Properties><Slides>24</Slides></Properties>", thumbnail=jpeg())
    found = examine(stored(slides, "a.pptx"), "pptx")
    assert (found.pages, sizes(found)) == (24, {0: (640, 360)})


def test_a_thumbnail_too_small_to_say_anything_and_one_too_large_to_open_are_left_out():
    found = [examine(stored(office(thumbnail=jpeg(size))), "pptx") for size in ((96, 54), (5000, 5000))]
    assert [sizes(each) for each in found] == [{}, {}]


def test_a_kind_without_pages_is_not_opened():
    assert examine(stored(b"anything", "a.xlsx"), "xlsx") == Found()


def test_the_drawing_limits_its_own_memory_before_it_opens_anything():
    code = (
        "from sessions.courseware import drawing; import resource; drawing.limit();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0]); bytearray(3 * 2**30)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), "MemoryError" in ran.stderr) == (str(MEGABYTES * 2**20), True)


def test_publishing_has_the_pages_counted_drawn_and_told(site, commits):
    page = courseware(site, content=pdf(), live=False)
    with commits():
        page.save_revision().publish()
    facts = FileFacts.objects.get()
    assert (facts.pages, facts.sha256) == (5, fingerprint(facts.document.file))
    assert (FilePreview.objects.count(), CoursewarePage.objects.get().length) == (4, "5 页")


def test_publishing_again_draws_nothing_but_tells_the_length_again(site, commits):
    page = courseware(site, content=pdf(1), live=False)
    for _ in range(2):
        with commits():
            page.save_revision().publish()
        drawn = FilePreview.objects.values_list("pk", flat=True)
        kept = list(drawn)
    assert (list(drawn), CoursewarePage.objects.get().length) == (kept, "1 页")
    assert shelve_courseware(page=page, actor=None) == []


def test_a_length_that_the_editor_wrote_stays(site, commits):
    page = courseware(site, content=pdf(1), live=False, length="35 分钟")
    with commits():
        page.save_revision().publish()
    assert CoursewarePage.objects.get().length == "35 分钟"


def kept(site, *numbers):
    """Return a live courseware with pictures of these numbers."""
    page = courseware(site)
    document = page.files.get().document
    shelve_courseware(page=page, actor=None)
    keep(document, *numbers)
    return page, document


def keep(document, *numbers, file_name=None):
    return keep_findings(
        document=document,
        file_name=file_name or document.file.name,
        found=Found(len(numbers), [Picture(number, 16, 9, b"picture") for number in numbers]),
        moment=START,
    )


def test_findings_of_a_file_that_was_replaced_meanwhile_are_dropped(site):
    _, document = kept(site, 0, 1)
    assert keep(document, 0, file_name="documents/old.pdf") is False
    assert FilePreview.objects.count() == 2


def test_a_replaced_file_is_examined_again_and_its_old_pictures_leave_the_disk(site, commits):
    _, document = kept(site, 0, 1)
    old = list(FilePreview.objects.all())
    with commits():
        document.file.save("new.pdf", ContentFile(pdf(2)), save=True)
    facts = FileFacts.objects.get()
    assert (facts.file_name, facts.pages, FilePreview.objects.count()) == (document.file.name, 2, 3)
    assert [row.image.storage.exists(row.image.name) for row in old] == [False, False]


def test_pictures_leave_the_disk_with_their_document(site, commits):
    page, document = kept(site, 0)
    picture = FilePreview.objects.get()
    with commits():
        page.delete()
        document.delete()
    assert (FilePreview.objects.count(), picture.image.storage.exists(picture.image.name)) == (0, False)


def test_new_pictures_drop_the_stored_pages(client, site, commits):
    _, document = kept(site)
    assert "/kejian/yl/" not in client.get("/kejian/").content.decode()
    with commits():
        keep(document, 0)
    assert client.get("/kejian/").content.decode().count("/kejian/yl/") == 1


def test_a_document_that_is_gone_is_passed_over(site):
    _, document = kept(site)
    document.file.storage.delete(document.file.name)
    examine_document.func(document.pk)
    examine_document.func(0)
    assert FileFacts.objects.get().pages == 0
