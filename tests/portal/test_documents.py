"""What may come in as a document or a picture, by every way in; and that no draft's document has an address."""

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from portal import documents
from portal.documents import take_document
from portal.models import NoticePage
from portal.uploads import UploadRefused
from tests.conftest import START
from tests.sessions.faces import pdf


def packed(**members):
    """Return a ZIP; a member's name is written with __ for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def slides(**members):
    return packed(**{"[Content_Types]__xml": "<Types/>", "ppt/presentation__xml": "<p/>"}, **members)


TEXT = "会议材料，请查收。".encode()
LOCKED = bytearray(packed(a__txt="x"))
LOCKED[LOCKED.index(b"PK\x01\x02") + 8] |= 1


def taken(content, name):
    return take_document(ContentFile(content, name))


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (pdf(1), "讲稿.pdf", "讲稿.pdf"),
        (pdf(1), "讲稿.html", "讲稿.pdf"),
        (slides(), "课件.ppsx", "课件.pptx"),
        (TEXT, "说明.txt", "说明.txt"),
        ("名称，数量\n粉条，三".encode("gb18030"), "表.csv", "表.csv"),
        (("字" * 600).encode(), "长.txt", "长.txt"),
        (b"ID3\x04\x00" + bytes(20), "录音.mp3", "录音.mp3"),
        (packed(**{"图/一__jpg": "x", "__MACOSX/._一__jpg": "x", "说明__txt": "x"}), "图集.zip", "图集.zip"),
        (pdf(1), "../../etc/讲稿.pdf", "讲稿.pdf"),
        (pdf(1), "..\\..\\讲稿\x00.pdf", "讲稿.pdf"),
        (pdf(1), "长" * 300 + ".pdf", "长" * 74 + ".pdf"),
    ],
)
def test_a_document_is_kept_under_the_ending_of_what_it_is(content, name, kept):
    assert taken(content, name) == kept


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='x' onload='alert(1)'/>", "a.svg", "的内容不是可以上传的种类"),
        (b"<!DOCTYPE html><script>1</script>", "a.pdf", "的内容不是可以上传的种类"),
        (b" \n<script>alert(1)</script>", "a.txt", "的内容不是可以上传的种类"),
        (b"\xef\xbb\xbf<html>", "a.csv", "的内容不是可以上传的种类"),
        (b"MZ\x90\x00", "a.zip", "的内容不是可以上传的种类"),
        (b"MZ\x90\x00", "a.txt", "的内容不是可以上传的种类"),
        (b"\xff\xd8\xff\xe0 picture", "a.pdf", "的内容不是可以上传的种类"),
        (b"RIFF....", "a.mp3", "的内容不是可以上传的种类"),
        (pdf(1) + packed(a__txt="x"), "a.pdf", "还夹着一个压缩包"),
        (slides(**{"ppt/vbaProject__bin": "x"}), "a.pptx", "里有宏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a.ppt", "旧格式或加了密码"),
        (packed(**{"../a__txt": "x"}), "a.zip", "内部结构不对"),
        (packed(**{"/etc/a__txt": "x"}), "a.zip", "内部结构不对"),
        (packed(**{"..\\a__txt": "x"}), "a.zip", "内部结构不对"),
        (packed(**{"__MACOSX/../../a__txt": "x"}), "a.zip", "内部结构不对"),
        (packed(**{"图/run__exe": "x"}), "a.zip", "里的“run.exe”不是可以上传的种类"),
        (packed(inner__zip=packed(a__txt="x")), "a.zip", "不是可以上传的种类"),
        (packed(page__html="x"), "a.zip", "不是可以上传的种类"),
        (bytes(LOCKED), "a.zip", "加了密码"),
        (packed(a__txt="x")[:60], "a.zip", "打不开"),
        (b"", "a.pdf", "是空的"),
    ],
)
def test_what_could_run_or_is_something_else_is_refused_in_words(content, name, words):
    with pytest.raises(UploadRefused, match=words):
        taken(content, name)


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(documents, "MAX_UNPACKED", 1_000_000)
    bomb = packed(**{f"{number}__txt": bytes(200_000) for number in range(6)})
    with pytest.raises(UploadRefused, match="展开后太大"):
        taken(bomb, "a.zip")
    monkeypatch.setattr(documents, "MAX_UNPACKED", 2_000_000)
    monkeypatch.setattr(documents, "MAX_MEMBERS", 5)
    with pytest.raises(UploadRefused, match="展开后太大"):
        taken(bomb, "a.zip")


def upload(name, content):
    return SimpleUploadedFile(name, content)


def sent(client, way, name, content):
    """Send a file by one way of the admin; return (documents afterwards, the answer)."""
    if way == "multiple":
        answer = client.post(
            reverse("wagtaildocs:add_multiple"), {"title": "示例", "files[]": upload(name, content)}
        )
    else:
        answer = client.post(
            reverse("wagtaildocs_chooser:create"),
            {"document-chooser-upload-title": "示例", "document-chooser-upload-file": upload(name, content)},
        )
    return get_document_model().objects.count(), answer


@pytest.mark.parametrize("way", ["multiple", "chooser"])
def test_every_way_in_judges_by_the_content(client, city, way):
    client.force_login(city.office)
    refused, answer = sent(client, way, "讲稿.pdf", b"<html><script>alert(1)</script>")
    kept, _ = sent(client, way, "讲稿.pdf", pdf(1))
    assert (refused, kept, "的内容不是可以上传的种类" in answer.content.decode("unicode_escape", "ignore") or
            "的内容不是可以上传的种类" in answer.content.decode()) == (0, 1, True)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"), [("讲稿.pdf", "“讲稿.pdf”的内容不是可以上传的种类，没有收下。"), ("说明", "“说明”")]
)
def test_a_refused_file_gets_one_sentence_that_names_the_kinds_and_none_of_an_ending(
    client, city, name, words
):
    client.force_login(city.office)
    _, answer = sent(client, "multiple", name, b"<html><script>alert(1)</script>")
    told = json.loads(answer.content)["error_message"]
    assert (told.startswith(words), "请上传" in told, "扩展" in told, told.count("\n")) == (
        True,
        True,
        False,
        0,
    )


def test_a_replaced_file_is_judged_too(client, city):
    client.force_login(city.office)
    document = get_document_model().objects.create(title="示例", file=ContentFile(pdf(1), "a.pdf"))
    address = reverse("wagtaildocs:edit", args=[document.pk])
    answer = client.post(address, {"title": "改过的标题", "file": upload("b.pdf", b"<svg/>")})
    assert (answer.status_code, "改过的标题" in answer.content.decode()) == (200, True)
    assert get_document_model().objects.get().file.name == document.file.name


def test_a_file_over_the_limit_gets_the_sentence_of_the_design(client, city, monkeypatch):
    monkeypatch.setattr(documents, "AT_MOST", 100)
    client.force_login(city.office)
    _, answer = sent(client, "multiple", "讲稿.pdf", pdf(1))
    assert "课件没有传上去。文件超过 200 MB。请压缩或拆成两个文件再传。" in answer.json()["error_message"]


# --- pictures -----------------------------------------------------------------------------------------------


def photo(form, **more):
    out = io.BytesIO()
    Image.new(more.pop("mode", "RGB"), (40, 20), more.pop("color", "red")).save(out, form, **more)
    return out.getvalue()


def where_taken():
    exif = Image.Exif()
    exif[0x010F] = "示例相机"
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


def pictured(client, name, content):
    client.post(reverse("wagtailimages:add_multiple"), {"title": "示例", "files[]": upload(name, content)})
    return get_image_model().objects.first()


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")]
)
def test_a_picture_is_kept_without_its_place_and_camera(client, city, form, name):
    client.force_login(city.office)
    kept = pictured(client, name, photo(form, exif=where_taken()))
    with kept.file.open() as file, Image.open(file) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == (form, (40, 20), {})


def test_a_picture_without_metadata_stays_byte_for_byte_and_keeps_its_transparency(client, city):
    client.force_login(city.office)
    content = photo("PNG", mode="RGBA", color=(255, 0, 0, 0))
    with pictured(client, "a.png", content).file.open() as file:
        assert file.read() == content


def test_transparency_outlives_the_metadata(client, city):
    client.force_login(city.office)
    kept = pictured(client, "a.png", photo("PNG", mode="RGBA", color=(255, 0, 0, 0), exif=where_taken()))
    with kept.file.open() as file, Image.open(file) as picture:
        assert picture.getpixel((0, 0)) == (255, 0, 0, 0)


def test_a_page_is_no_picture_whatever_it_is_called(client, city):
    client.force_login(city.office)
    assert pictured(client, "a.jpg", b"<svg onload='alert(1)'/>") is None


# --- which documents have an address -------------------------------------------------------------------------


@pytest.fixture
def document(site, references):
    return get_document_model().objects.create(title="附件", file=ContentFile(TEXT, "a.txt"))


def notice(site, document, *, live=True):
    body = [("paragraph", f'<p><a linktype="document" id="{document.pk}">附件</a></p>')]
    page = NoticePage(title="示例通知", slug="n1", date=START.date(), body=body, live=live)
    return site["tongzhi"].add_child(instance=page)


def status(client, document):
    answer = client.get(document.url)
    b"".join(answer)
    return answer.status_code


def test_a_document_opens_with_the_page_that_links_to_it(client, city, site, document):
    seen = [status(client, document)]
    page = notice(site, document, live=False)
    seen.append(status(client, document))
    page.save_revision().publish()
    seen.append(status(client, document))
    NoticePage.objects.get().unpublish()
    seen.append(status(client, document))
    assert seen == [404, 404, 200, 404]


def test_a_document_of_a_page_with_a_restriction_is_not_found(client, site, document):
    PageViewRestriction.objects.create(page=notice(site, document), restriction_type="login")
    assert status(client, document) == 404


def test_who_works_with_documents_opens_any_and_lower_roles_none_of_a_draft(client, city, site, document):
    seen = {}
    for name, user in {
        "representative": city.representative().representative.user,
        "recorder": city.recorder,
        "auditor": city.auditor,
        "office": city.office,
    }.items():
        client.force_login(user)
        seen[name] = status(client, document)
    assert seen == {"representative": 404, "recorder": 404, "auditor": 404, "office": 200}
