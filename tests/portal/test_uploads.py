"""Files that people hand in: what is taken, what is refused in which words, and what leaves again."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from portal.uploads import PrivateName, UploadRefused, private_storage, safe_name, take

FILES = Path(__file__).resolve().parents[1] / "data" / "files"
MEGABYTE = 1024 * 1024
PHOTO = {"jpg", "png", "webp", "heic"}


def photo(form="JPEG", size=(40, 20), **more):
    out = io.BytesIO()
    Image.new(more.pop("mode", "RGB"), size, more.pop("color", "red")).save(out, form, **more)
    return out.getvalue()


def office(part="xl/workbook.xml", **members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<workbook/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def taken(content, name, allowed=PHOTO | {"pdf", "xlsx"}, at_most=MEGABYTE):
    return take(ContentFile(content, name), allowed=allowed, at_most=at_most)


def refusal(content, name, **more):
    with pytest.raises(UploadRefused) as refused:
        taken(content, name, **more)
    return str(refused.value)


def test_a_photo_comes_back_upright_without_its_place_and_camera():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "示例相机"
    exif.get_ifd(0x8825)[1] = "N"
    upload = taken(photo(exif=exif.tobytes()), "IMG_1.JPG")
    with Image.open(upload.content) as picture:
        assert (upload.name, upload.kind, picture.size, dict(picture.getexif())) == (
            "IMG_1.jpg", "jpg", (20, 40), {},
        )  # fmt: skip


def test_a_photo_of_an_apple_phone_becomes_a_jpeg():
    upload = taken((FILES / "phone.heic").read_bytes(), "IMG_2.HEIC")
    with Image.open(upload.content) as picture:
        assert (upload.name, picture.format, picture.size) == ("IMG_2.jpg", "JPEG", (8, 4))


def test_what_shines_through_becomes_white():
    upload = taken(photo("PNG", mode="RGBA", color=(0, 0, 0, 0)), "a.png")
    with Image.open(upload.content) as picture:
        assert picture.getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller():
    upload = taken(photo(size=(6000, 100)), "a.jpg")
    with Image.open(upload.content) as picture:
        assert picture.size == (3000, 50)


def test_a_pdf_and_an_office_file_are_kept_as_they_are():
    kept = {name: taken(content, name).content.read() == content
            for name, content in (("a.pdf", b"%PDF-1.7 x"), ("b.xlsx", office()))}  # fmt: skip
    assert kept == {"a.pdf": True, "b.xlsx": True}


def test_the_same_file_has_the_same_digest_whatever_its_name():
    assert taken(photo(), "a.jpg").sha256 == taken(photo(), "b.jpg").sha256


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.jpg", "“a.jpg”是空的，请重新选择文件。"),
        (b"<svg xmlns='x'><script>1</script></svg>", "a.jpg", "“a.jpg”的内容不是可以上传的种类"),
        (b"<html><script>1</script>", "a.pdf", "“a.pdf”的内容不是可以上传的种类"),
        (b" %PDF-1.7", "a.pdf", "“a.pdf”的内容不是可以上传的种类"),
        (b"MZ\x90\x00", "a.jpg", "“a.jpg”的内容不是可以上传的种类"),
        (b"\xff\xd8\xff" + b"x" * 40, "a.jpg", "“a.jpg”打不开，可能没有传完整。"),
        (photo()[:300], "a.jpg", "“a.jpg”打不开，可能没有传完整。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 40, "a.xlsx", "“a.xlsx”是旧格式或加了密码的文件"),
        (office(**{"xl/vbaProject.bin": "x"}), "a.xlsx", "“a.xlsx”里有宏，没有收下。"),
        (office(**{"../../x.xml": "x"}), "a.xlsx", "“a.xlsx”的内部结构不对"),
        (office("word/document.xml"), "a.xlsx", "“a.xlsx”的内容不是可以上传的种类"),
        (office()[:60], "a.xlsx", "“a.xlsx”的内容不是可以上传的种类"),
        (b"PK\x03\x04" + b"x" * 40, "a.xlsx", "“a.xlsx”的内容不是可以上传的种类"),
    ],
)
def test_what_is_not_taken_is_told_in_a_sentence(content, name, words):
    assert refusal(content, name)[: len(words)] == words


def test_a_file_too_large_is_told_how_large_it_may_be():
    assert (
        refusal(b"%PDF-" + b"x" * 2 * MEGABYTE, "a.pdf") == "“a.pdf”有 2 MB，超过 1 MB。请压缩或拆分后再传。"
    )


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    small = photo("PNG", mode="1", color=0)
    header = (
        small[12:16] + struct.pack(">II", 20_000, 20_000) + small[24:29]
    )  # what the file says of its size
    bomb = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
    assert refusal(bomb, "a.png") == "“a.png”的像素太多，没有收下。请缩小后再传。"


def test_an_office_file_that_unpacks_to_too_much_is_refused():
    out = io.BytesIO(office())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/s.xml", "w") as part:
        for _ in range(151):
            part.write(b"\0" * MEGABYTE)
    assert refusal(out.getvalue(), "a.xlsx") == "“a.xlsx”展开后太大，没有收下。请删去多余的内容再传。"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\签到表.pdf", "签到表.pdf"),
        ("a\x00\n<b>.pdf", "a<b>.pdf"),
        ("签" * 300 + ".pdf", "签" * 74 + ".pdf"),
        ("", "文件"),
        ("..", "文件"),
    ],
)
def test_a_name_is_only_the_last_part_without_control_characters(name, shown):
    assert safe_name(name) == shown


def test_a_private_file_gets_a_random_name_and_no_address(client, db):
    storage = private_storage()
    name = storage.save(PrivateName("evidence")(None, "家访 照片.JPG"), ContentFile(b"x"))
    assert (name[:9], name[-4:], len(name), storage.exists(name)) == ("evidence/", ".jpg", 45, True)
    assert client.get(storage.url(name)).status_code == 404
