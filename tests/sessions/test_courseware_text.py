"""The words of courseware's files: read in the background, found by everybody where the file is everybody's, else by nobody."""

import io
import zipfile

import pylopdf_fonts_zh_cn
import pytest
import typst
from django.core.management import call_command
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from sessions.courseware import reading
from sessions.courseware.examining import Found, examine
from sessions.courseware.reading import MOST, clean
from sessions.models import CoursewarePage, FileText
from sessions.operations import keep_findings, shelve_courseware
from tests.conftest import START
from tests.searched import found, index
from tests.sessions.faces import courseware
from tests.sessions.test_courseware_examining import stored

SECRET = "把窑改成烧气的"


def archive(**members):
    """Return an office file; `word_document` stands for word/document.xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(f"{name.replace('_', '/')}.xml", content)
    return out.getvalue()


def printed(text):
    """Return a PDF with this text."""
    fonts = str(next(iter(pylopdf_fonts_zh_cn.__path__)))
    source = f'#set text(font: "Noto Sans SC")\n{text}'.encode()
    return typst.compile(source, font_paths=[fonts], ignore_system_fonts=True)


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (printed("石桥镇的窑\n\n#pagebreak() 第二页 PDF"), "pdf", "石桥镇的窑第二页 PDF"),
        (
            archive(word_document="<w:p><w:r><w:t>石桥</w:t></w:r><w:r><w:t xml:space='preserve'>镇 A&amp;B</w:t></w:r></w:p>"
                    "<w:p><w:delText>删掉的</w:delText><w:t>第二段</w:t></w:p>", word_comments="<w:t>批注</w:t>"),
            "docx", "石桥镇 A&B\n第二段",
        ),
        (
            archive(ppt_slides_slide10="<a:p><a:t>十</a:t></a:p>", ppt_slides_slide2="<a:p><a:t>二</a:t></a:p>",
                    ppt_slides_slide3='<p:sld xmlns="x" show="0"><a:t>藏起来的</a:t></p:sld>',
                    ppt_notesSlides_notesSlide1="<a:t>讲稿备注</a:t>"),
            "pptx", "二十",
        ),
        (
            archive(xl_sharedStrings="<si><t>示范</t><rPh><t>shifan</t></rPh></si><si><t>路灯</t></si>",
                    xl_worksheets_sheet1="<c><v>0</v></c><is><t>行内</t></is>"),
            "xlsx", "示范路灯行内",
        ),
    ],
    ids=["pdf", "docx", "pptx", "xlsx"],
)  # fmt: skip
def test_the_words_of_each_kind_of_file_are_read(content, kind, text):
    assert examine(stored(content, f"a.{kind}"), kind).text == text


def test_no_entity_is_resolved_and_a_bomb_is_read_to_a_bound(monkeypatch, tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "石桥"><!ENTITY b "&a;&a;">]><w:p><w:t>&b;&lt;</w:t></w:p>'
    assert examine(stored(archive(word_document=laughs), "a.docx"), "docx").text == "&b;<"
    bomb = tmp_path / "bomb"
    bomb.write_bytes(archive(word_document=f"<w:t>{'石' * 3_000_000}</w:t><w:t>末</w:t>"))
    assert bomb.stat().st_size < 50_000
    assert reading.read(bomb, "docx") == ""  # the run does not end within the bound
    monkeypatch.setattr(reading, "MAX_MEMBER", 30 * 2**20)
    assert reading.read(bomb, "docx") == "石" * MOST


def test_what_cannot_be_read_keeps_its_pages_and_pictures(monkeypatch):
    from sessions.courseware import examining

    plain = examining.subprocess.run

    def cut_short(command, **more):
        plain(command, **more)
        raise examining.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(examining.subprocess, "run", cut_short)
    found_in = examine(stored(printed("石桥")), "pdf")
    assert (found_in.pages, len(found_in.pictures)) == (1, 2)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("电话 13977770001，", "电话 ，"),
        ("139 7777 0001 和 139-7777-0001", " 和"),
        ("身份证 41010119610203001X", "身份证"),
        ("编号 0139777700012026", "编号 0139777700012026"),
        ("一\r\n二\x00\x07 \ud800三", "一二 三"),
        ("two\nwords  here", "two\nwords here"),
    ],
)
def test_numbers_of_people_and_signs_without_meaning_are_left_out(text, kept):
    assert clean(text).strip() == kept.strip()


@pytest.fixture
def publish(site, commits):
    def done(**more):
        page = courseware(site, live=False, **more)
        with commits():
            page.save_revision().publish()
        read(page, SECRET)
        return CoursewarePage.objects.get(pk=page.pk)

    return done


def read(page, text):
    """Keep the words of the page's file, as the background worker would."""
    document = page.files.get().document
    keep_findings(document=document, file_name=document.file.name, found=Found(2, [], text), moment=START)


def test_a_word_inside_a_public_file_finds_its_courseware_and_shows_the_place(client, publish):
    publish(title="接访手册", summary="提要。")
    index()
    row = client.get("/sousuo/?q=烧气").context["rows"][0]
    assert (row.hit.title, row.hit.href, row.hit.source) == ("接访手册", "/kejian/courseware-0/", "接访手册")
    assert row.snippet == "把窑改成<mark>烧气</mark>的"


def test_courseware_found_by_title_and_by_its_files_is_one_result(client, publish):
    page = publish(title="烧气的窑")
    read(page, "烧气" + "。" * FileText.LENGTH + "烧气")
    index()
    assert FileText.objects.count() == 2
    answer = client.get("/sousuo/?q=烧气")
    assert [(row.hit.title, row.hit.source) for row in answer.context["rows"]] == [("烧气的窑", "")]
    assert answer.context["kinds"] == [("courseware", "课件", 1)]


def test_words_of_files_for_representatives_are_found_by_nobody_and_not_even_indexed(client, city, publish):
    publish(title="内部讲稿", access="representatives")
    index()
    from modelsearch.conf import get_app_config

    entries = get_app_config().get_model("IndexEntry").objects
    assert entries.filter(content_type__model="filetext").count() == 0
    assert (found(client, "烧气"), found(client, "内部讲稿")) == ([], ["内部讲稿"])
    client.force_login(city.office)
    assert found(client, "烧气") == []


def closed_by_access(page):
    page.access = "representatives"
    page.save_revision().publish()


def closed_by_access_alone(page):
    """The collection is the second lock; the page's own word is the first."""
    CoursewarePage.objects.filter(pk=page.pk).update(access="representatives")


def closed_by_collection(page):
    folder = Collection.get_first_root_node().add_child(instance=Collection(name="锁上的"))
    CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
    document = page.files.get().document
    document.collection = folder
    document.save()


def closed_by_restriction(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


@pytest.mark.parametrize(
    "close",
    [
        closed_by_access,
        closed_by_access_alone,
        closed_by_collection,
        closed_by_restriction,
        CoursewarePage.unpublish,
    ],
)
def test_closing_a_file_hides_its_words_at_once_whatever_the_index_holds(client, publish, close):
    page = publish(title="接访手册")
    index()
    assert found(client, "烧气") == ["接访手册"]
    close(page)
    assert found(client, "烧气") == []


def test_opening_a_file_has_its_words_indexed_anew(client, publish, settings, commits):
    page = publish(title="接访手册", access="representatives")
    index()
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search"}}
    page.access = "public"
    with commits():
        page.save_revision().publish()
    assert found(client, "烧气") == ["接访手册"]


def test_a_replaced_file_takes_its_words_along(client, publish):
    page = publish()
    read(page, "别的话")
    index()
    assert (found(client, "烧气"), found(client, "别的话")) == ([], ["示例课件"])


def test_publishing_a_printed_file_makes_its_words_findable(client, site, settings, commits):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search"}}
    page = courseware(site, content=printed("窑火里的信"), live=False)
    with commits():
        page.save_revision().publish()
    assert found(client, "窑火里") == ["示例课件"]
    assert shelve_courseware(page=page, actor=None) == []


def test_files_examined_before_words_were_kept_are_read_on_demand(site, commits, capsys):
    page = courseware(site, content=printed("窑火里的信"), live=False)
    with commits():
        page.save_revision().publish()
    FileText.objects.all().delete()
    call_command("read_courseware")
    call_command("read_courseware")
    assert [text.text for text in FileText.objects.all()] == ["窑火里的信"]
    assert capsys.readouterr().out.split("\n")[:2] == [
        "已安排读取 1 个文件，由后台任务完成。",
        "已安排读取 0 个文件，由后台任务完成。",
    ]
