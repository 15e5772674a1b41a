"""The heading font: cut from a bold serif of the machine to the characters that headings use, and only then."""

import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pylopdf_fonts_zh_cn
import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.core.management import call_command
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from wagtail.models import Page, PageViewRestriction

from portal.headings import faces, letters, operations, tasks
from portal.headings.cutting import AT_MOST, cut
from portal.models import CongressSettings, HeadingFont, NoticePage

NOW = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BODY = [
    ("heading", "改窑"),
    ("paragraph", "<p>鼎</p>"),
    ("quote", {"text": "窑火要守", "who": "鑫"}),
]
RARE = "龘"  # the fonts of the tests lack it


@pytest.fixture(scope="session")
def bold(tmp_path_factory):
    """A folder with a bold Noto Serif SC of some ninety characters: the packaged regular one, called bold."""
    folder = tmp_path_factory.mktemp("fonts")
    font = TTFont(pylopdf_fonts_zh_cn.serif_path(), lazy=True)
    subsetter = Subsetter(Options(layout_features=["halt"], hinting=False, name_IDs=["*"]))
    some = "丐丑丒丞示例通知烟字留在墙上改窑火要守丁石桥镇新鲜的代表履职分享平台之声首页风采会联络站点课件库公告名录"
    subsetter.populate(text=letters.ALWAYS + some)
    subsetter.subset(font)
    font["OS/2"].usWeightClass = 700
    (folder / "noto").mkdir()
    font.save(folder / "noto" / "NotoSerifSC-Bold.otf")
    font.close()
    return folder


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def home(site):
    page = NoticePage(title="烟字留在墙上", slug="n1", date="2026-06-01", body=BODY)
    site["tongzhi"].add_child(instance=page)
    return site["home"].get_site()


def make(site, bold, **more):
    return operations.cut_heading_font(site=site, moment=NOW, folders=[bold], **more)


def stored(font):
    with default_storage.open(f"fonts/{font.file_name}") as file:
        data = file.read()
    return TTFont(io.BytesIO(data)), len(data)


def test_the_font_holds_every_character_of_titles_and_is_small_enough(home, bold):
    font = make(home, bold)
    file, size = stored(font)
    titles = set(
        "".join(
            Page.objects.live().descendant_of(home.root_page, inclusive=True).values_list("title", flat=True)
        )
    )
    asked = titles | set("改窑火要守") | set(letters.ALWAYS) | set("代表履职分享平台")
    assert asked - set(map(chr, file.getBestCmap())) == set()
    assert (set(font.characters), font.size) == (set(map(chr, file.getBestCmap())), size)
    assert size <= AT_MOST == 120 * 1024
    assert set("鼎鑫") & set(font.wanted) == set()


def test_a_second_time_nothing_is_cut(home, bold):
    first = make(home, bold)
    second = make(home, bold)
    assert (second.pk, second.digest, second.cut_at) == (first.pk, first.digest, NOW)
    later = operations.cut_heading_font(site=home, moment=NOW.replace(year=2027), folders=[bold])
    assert later.cut_at == NOW


def test_a_title_of_known_characters_cuts_nothing_and_a_new_one_does(home, site, bold):
    first = make(home, bold)
    site["tongzhi"].add_child(instance=NoticePage(title="墙上留字", slug="n2", date="2026-06-01"))
    assert make(home, bold).digest == first.digest
    site["tongzhi"].add_child(instance=NoticePage(title="新鲜", slug="n3", date="2026-06-01"))
    again = make(home, bold)
    assert set(again.characters) - set(first.characters) == {"鲜"} | (set("新") - set(first.characters))
    assert (again.previous, HeadingFont.objects.count()) == (first.digest, 1)


def test_the_same_characters_make_the_same_bytes(home, bold):
    face = faces.find_serif([bold])
    assert cut(face, "人大代表").data == cut(face, "人大代表").data


def test_when_not_all_find_room_the_most_frequent_come_first(home, bold):
    every = letters.ranked(letters.count(home))
    whole = cut(faces.find_serif([bold]), every)
    most = len(whole.data) // 2
    font = make(home, bold, at_most=most)
    file, size = stored(font)
    kept = len(font.characters)
    assert (size <= most, kept < len(whole.characters)) == (True, True)
    assert set(font.characters) == set([c for c in every if c in whole.characters][:kept])
    assert file["head"].unitsPerEm == 500


def test_the_font_bears_our_name_and_keeps_its_licence(home, bold):
    file, _ = stored(make(home, bold))
    names = file["name"]
    assert [names.getDebugName(n) for n in (1, 4, 6)] == ["Heading Serif", "Heading Serif", "HeadingSerif"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert "GPOS" in file


def test_a_character_that_the_font_lacks_is_asked_for_once_and_left_out(home, site, bold):
    site["tongzhi"].add_child(instance=NoticePage(title=RARE, slug="n4", date="2026-06-01"))
    font = make(home, bold)
    assert (RARE in font.wanted, RARE in font.characters) == (True, False)
    assert make(home, bold).digest == font.digest


def test_what_is_no_page_for_everybody_gives_no_character(home, site, bold):
    draft = NoticePage(title="鲜", slug="n5", date="2026-06-01", live=False)
    site["tongzhi"].add_child(instance=draft)
    closed = site["tongzhi"].add_child(instance=NoticePage(title="丁", slug="n6", date="2026-06-01"))
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert set("鲜丁") & set(letters.count(home)) == set()


def test_names_of_people_and_stations_are_set_in_it(home, city):
    city.representative("丁鹮鷟")
    assert set("鹮鷟") - set(letters.count(home)) == set()


# --- no font, or not one of ours ----------------------------------------------------------------------------


def test_without_a_serif_nothing_is_made_and_no_page_names_a_font(home, client, tmp_path):
    assert operations.cut_heading_font(site=home, moment=NOW, folders=[tmp_path, tmp_path / "gone"]) is None
    assert HeadingFont.objects.count() == 0
    assert "/theme/" not in client.get("/").text


def altered(bold, folder, change):
    with TTFont(bold / "noto" / "NotoSerifSC-Bold.otf", lazy=True) as font:
        change(font)
        font.save(folder / "NotoSerifSC-Bold.otf")


def renamed(number, words):
    def change(font):
        for record in font["name"].names:
            if record.nameID in number:
                record.string = words

    return change


def lighter(font):
    font["OS/2"].usWeightClass = 500


@pytest.mark.parametrize(
    "change",
    [lighter, renamed({1, 16}, "Some Serif"), renamed({13, 14}, "All rights reserved")],
    ids=["light", "another family", "another licence"],
)
def test_a_light_foreign_or_closed_font_is_passed_over(bold, tmp_path, change):
    altered(bold, tmp_path, change)
    assert faces.find_serif([tmp_path]) is None


def test_a_broken_file_is_passed_over(bold, tmp_path):
    (tmp_path / "NotoSerifCJK-Bold.ttc").write_bytes(b"ttcf\0\1nothing")
    (tmp_path / "NotoSerifSC-Black.otf").write_bytes(b"")
    assert faces.find_serif([tmp_path, bold]).path.name == "NotoSerifSC-Bold.otf"


# --- served -------------------------------------------------------------------------------------------------


def test_pages_name_the_font_at_once_and_readers_may_keep_it_for_ever(home, bold, client, commits):
    client.get("/")
    with commits():
        font = make(home, bold)
    page = client.get("/")
    (link,) = re.findall(r'href="(/theme/[0-9a-f]{16}\.css)"', page.text)
    css = client.get(link).text
    address = f"/theme/{font.file_name}"
    assert css.count(f'src: url("{address}") format("{font.kind}")') == 1
    answer = client.get(address)
    body = b"".join(answer)
    assert (page["X-Cache"], len(body), answer["Content-Type"]) == ("miss", font.size, f"font/{font.kind}")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert 'rel="preload"' not in page.text
    assert client.get("/theme/" + "0" * 16 + ".woff").status_code == 404


def test_the_font_before_stays_for_open_pages_and_older_ones_go(home, site, bold, commits):
    fonts = []
    for number, title in enumerate(["烟", "丐丑", "丒丞"]):
        site["tongzhi"].add_child(instance=NoticePage(title=title, slug=f"o{number}", date="2026-06-01"))
        with commits():
            fonts.append(make(home, bold).file_name)
    assert sorted(default_storage.listdir("fonts")[1]) == sorted(fonts[1:])


def test_a_lost_file_is_cut_again(home, bold):
    font = make(home, bold)
    default_storage.delete(f"fonts/{font.file_name}")
    assert make(home, bold).digest == font.digest
    assert default_storage.exists(f"fonts/{font.file_name}")


# --- asked for ----------------------------------------------------------------------------------------------


def test_publishing_cuts_the_font_and_publishing_known_characters_does_not(
    home, site, bold, settings, commits
):
    settings.HEADING_FONT_FOLDERS = [str(bold)]
    page = NoticePage.objects.get(slug="n1")
    with commits():
        page.save_revision().publish()
    first = HeadingFont.objects.get()
    with commits():
        page.save_revision().publish()
    assert HeadingFont.objects.get().cut_at == first.cut_at
    page.title = "新鲜的烟"
    with commits():
        page.save_revision().publish()
    assert "鲜" in HeadingFont.objects.get().characters


def test_a_saved_name_of_the_site_asks_too(home, bold, settings, commits):
    settings.HEADING_FONT_FOLDERS = [str(bold)]
    with commits():
        CongressSettings.objects.create(site=home, site_name="丐丑丒")
    assert set("丐丑丒") - set(HeadingFont.objects.get().characters) == set()


def test_of_many_published_at_once_one_cut_waits(home, settings, commits):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    page = NoticePage.objects.get(slug="n1")
    for _ in range(3):
        with commits():
            page.save_revision().publish()
            page.save_revision().publish()
    waiting = tasks.DBTaskResult.objects.filter(task_path=tasks.cut_heading_fonts.module_path)
    assert waiting.count() == 1


def test_while_one_cuts_another_does_nothing(home, bold):
    caches["shared"].add(f"heading-font:{home.pk}", 1, 60)
    assert make(home, bold) is None
    caches["shared"].delete(f"heading-font:{home.pk}")
    assert make(home, bold) is not None


def test_the_command_says_what_it_made(home, bold, settings):
    out = io.StringIO()
    call_command("heading_font", stdout=out)
    assert out.getvalue().startswith("这台服务器没有可用的宋体粗体")
    settings.HEADING_FONT_FOLDERS = [str(bold)]
    out = io.StringIO()
    call_command("heading_font", stdout=out)
    font = HeadingFont.objects.get()
    assert (
        out.getvalue() == f"标题字体：{font.source}，{len(font.characters)} 字，{font.size / 1024:.0f} KB。\n"
    )


def test_counting_takes_the_same_queries_however_many_pages(home, site, django_assert_num_queries):
    letters.count(home)  # Wagtail remembers the types of pages
    for number in (1, 3):
        for extra in range(number):
            page = NoticePage(title="示例通知", slug=f"c{number}{extra}", date="2026-06-01", body=BODY)
            site["tongzhi"].add_child(instance=page)
        with django_assert_num_queries(9):
            letters.count(home)
