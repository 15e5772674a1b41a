"""What editors are reminded of, what is refused, and that the admin speaks Chinese where they work."""

import ast
import gc
import gettext
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation
from wagtail import hooks

from portal.content_checks import HOOK, remarks_on
from portal.editor_checks import ChineseChecker
from portal.models import NoticePage
from portal.page_forms import NO_WORDS
from tests.portal.pictured import DAY, leaves_files_open, notice, photograph, story
from tests.sessions.faces import courseware, face

LOCALE = Path(__file__).resolve().parents[2] / "portal/locale/zh_Hans/LC_MESSAGES"
NO_SUMMARY = "还没有提要。列表、搜索和分享到微信时显示它，一两句话就好。"
NO_SOURCE = "还没有写来源。稿件从哪里来，读者要看得见。"


@pytest.fixture
def tidy():
    """Let what was left open be found in the test that left it; what was there before it is not looked through."""
    gc.freeze()
    yield
    gc.collect()


def page_of(title="示例通知", *, body=(), **more):
    return NoticePage(title=title, date=DAY, source="代工委", summary="一句话。", body=list(body), **more)


def paragraph(text):
    return ("paragraph", f"<p>{text}</p>")


def test_a_page_in_good_order_has_no_remark(site):
    page = notice(site, photograph(), source="代工委", summary="一句话。")
    assert remarks_on(page) == []


def test_a_notice_without_summary_and_source_is_remarked_on(site):
    assert remarks_on(notice(site)) == [NO_SUMMARY, NO_SOURCE]


@pytest.mark.parametrize(("length", "number"), [(60, 0), (61, 1), (200, 1)])
def test_a_title_of_more_than_sixty_characters_is_remarked_on(db, length, number):
    found = remarks_on(page_of("题" * length))
    assert found == [f"标题有 {length} 个字。60 个字以内，列表和手机上才放得下。"] * number


def test_the_marks_of_forced_breaks_do_not_count(db):
    assert remarks_on(page_of("题" * 30 + "|" + "目" * 30)) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([paragraph("字" * 801)], ["正文：超过 800 个字，还没有小标题。分成几段，读起来不累。"]),
        ([("heading", "一"), paragraph("字" * 801)], []),
        ([("heading", "一"), ("heading", "二"), paragraph("字")], ["正文：有的小标题下面没有内容。"]),
        ([paragraph("字"), ("heading", "末")], ["正文：有的小标题下面没有内容。"]),
        (
            [("paragraph", "<p><b>改窑</b></p>")],
            ["正文：有整段加粗的字。当标题用的话，请改成“小标题”，读屏软件才认得出来。"],
        ),
        ([paragraph("他说<b>先听</b>。")], []),
    ],
)
def test_headings_are_where_they_help(db, body, words):
    assert remarks_on(page_of(body=body)) == words


def test_a_draft_with_a_picture_without_words_is_remarked_on(db):
    bare = ("picture", {"image": photograph(), "caption": "", "alt": ""})
    said = ("picture", {"image": photograph(description="接待室"), "caption": "", "alt": ""})
    assert remarks_on(page_of(body=[bare, said])) == [
        "正文：有 1 张图片没有替代文字。发布前要写上，画面里有什么，一句话。"
    ]


def test_the_floors_above_add_their_remarks(city, site):
    found = {
        "story": remarks_on(story(city, site, portrait=photograph())),
        "session": remarks_on(face(city, site, place="")),
        "courseware": remarks_on(courseware(site)),
    }
    assert found == {
        "story": [NO_SUMMARY, "肖像没有替代文字。发布前要写上，画面里有什么，一句话。", "还没有署名。是谁采写的，读者会想知道。"],
        "session": [NO_SUMMARY, "还没有主讲人。首页和日历都会写上主讲人。", "还没有议程。写上几点做什么，代表好安排时间。",
            "还没有地点。请在“活动”里选站点，或填写地点，参加的人好知道去哪里。"],
        "courseware": [NO_SUMMARY, "还没有作者。请选一位代表，或者写嘉宾的姓名。"],
    }  # fmt: skip


def test_another_floor_may_add_a_check_by_the_hook(site):
    with hooks.register_temporarily(HOOK, lambda _: ["再看看。"]):
        assert remarks_on(notice(site, source="代工委", summary="一句话。")) == ["再看看。"]


def test_a_page_that_is_none_of_ours_has_no_remark(site):
    from wagtail.models import Page

    assert remarks_on(Page.objects.get(depth=1)) == []


# --- in the editor -------------------------------------------------------------------------------------------


def form_of(page, **more):
    return {
        "title": page.title, "slug": page.slug, "date": "2026-06-01", "body-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", **more,
    }  # fmt: skip


def with_picture(image, alt=""):
    return {
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "picture", "body-0-id": "",
        "body-0-value-image": str(image.pk), "body-0-value-alt": alt, "body-0-value-caption": "",
    }  # fmt: skip


def edit(client, page, **form):
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, **form),
        HTTP_ACCEPT="text/html",
        follow=True,
    )


def test_saving_says_what_to_look_at_again_and_holds_nothing_up(client, city, site):
    client.force_login(city.office)
    page = notice(site)
    html = edit(client, page).content.decode()
    assert [words in html for words in ("还有几处可以再看看，不影响发布", NO_SUMMARY, NO_SOURCE)] == [
        True
    ] * 3
    edit(client, page, **{"action-publish": "1", "title": "发布了的"})
    assert NoticePage.objects.get().title == "发布了的"


def test_autosave_says_nothing(client, city, site):
    client.force_login(city.office)
    page = notice(site)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, form_of(page), HTTP_ACCEPT="application/json")
    assert answer.json()["success"] is True
    assert "可以再看看，不影响发布" not in client.get(address).content.decode()


def test_the_panel_of_checks_lists_the_remarks_in_chinese(client, city, site):
    client.force_login(city.office)
    page = BeautifulSoup(
        client.get(reverse("wagtailadmin_pages:edit", args=[notice(site).pk])).content, "html.parser"
    )
    assert [row.get_text() for row in page.select("[data-remarks] li")] == [NO_SUMMARY, NO_SOURCE]
    assert page.select("[data-content-readability-score]") == []


@leaves_files_open
def test_a_picture_without_words_is_not_published_and_says_what_to_write(client, city, site, tidy):
    client.force_login(city.office)
    page, image = notice(site), photograph()
    refused = edit(client, page, **with_picture(image), **{"action-publish": "1"})
    before = len(NoticePage.objects.get().body)
    taken = edit(client, page, **with_picture(image, "接待室里"), **{"action-publish": "1"})
    assert json.dumps(NO_WORDS).strip('"') in refused.content.decode()
    assert (before, len(NoticePage.objects.get().body), taken.status_code) == (0, 1, 200)


@leaves_files_open
def test_the_words_of_the_library_are_enough_and_a_draft_may_wait(client, city, site, tidy):
    client.force_login(city.office)
    page = notice(site)
    edit(client, page, **with_picture(photograph()))
    waiting = len(NoticePage.objects.get().get_latest_revision_as_object().body)
    edit(client, page, **with_picture(photograph(description="接待室里")), **{"action-publish": "1"})
    assert (waiting, len(NoticePage.objects.get().body)) == (1, 1)


@leaves_files_open
def test_a_portrait_without_words_is_not_published(client, city, site, tidy):
    client.force_login(city.office)
    page = story(city, site)
    form = {
        "representative": str(page.representative_id), "portrait": str(photograph().pk), "timeline-count": "0",
        "tags": "", "action-publish": "1",
    }  # fmt: skip
    refused = edit(client, page, **form)
    page.refresh_from_db()
    before = page.portrait_id
    edit(client, page, **form, portrait_alt="丁示例代表工作照")
    page.refresh_from_db()
    assert (NO_WORDS in refused.content.decode(), before, page.portrait_id is None) == (True, None, False)


@pytest.mark.parametrize(("length", "kept"), [(200, True), (201, False)])
def test_a_title_of_more_than_two_hundred_characters_is_refused_in_a_sentence(
    client, city, site, length, kept
):
    client.force_login(city.office)
    page = notice(site)
    answer = edit(client, page, title="题" * length, **{"action-publish": "1"})
    page.refresh_from_db()
    assert (len(page.title) == length, "标题最多 200 个字，现在有 201 个，请写短一些。" in answer.content.decode()) == (
        kept, not kept,
    )  # fmt: skip


@leaves_files_open
def test_the_form_of_a_picture_asks_for_its_words(client, city, tidy):
    client.force_login(city.office)
    html = client.get(reverse("wagtailimages:edit", args=[photograph().pk])).content.decode()
    assert ("替代文字" in html, "给看不见图片的读者：画面里有什么，一句话。" in html) == (True, True)


# --- in Chinese ----------------------------------------------------------------------------------------------


def test_every_rule_of_the_checker_has_its_words_in_chinese():
    with translation.override("zh-hans"):
        words = {
            rule: all(re.search("[一-鿿]", str(text)) for text in ChineseChecker.axe_messages[rule].values())
            for rule in ChineseChecker.axe_run_only
        }
    assert words == dict.fromkeys(ChineseChecker.axe_run_only, True)


def test_bar_and_panel_use_our_checker(client, city, site):
    page = notice(site)
    client.force_login(city.office)
    for address in (page.url, reverse("wagtailadmin_pages:edit", args=[page.pk])):
        html = client.get(address).content.decode()
        assert json.dumps("图片没有替代文字") in html


def entries(path):
    """Return {message: (translation, the message with its number)} of a .po file."""
    found, key, many = {}, "", ""
    for line in path.read_text("utf-8").splitlines():
        kind, _, text = line.partition(" ")
        if kind == "msgid":
            key = many = ast.literal_eval(text)
        elif kind == "msgid_plural":
            many = ast.literal_eval(text)
        elif kind in {"msgstr", "msgstr[0]"} and key:
            found[key] = (ast.literal_eval(text), many)
    return found


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_words_are_those_that_people_read(domain):
    with (LOCALE / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    written = entries(LOCALE / f"{domain}.po")
    assert {(key[0] if isinstance(key, tuple) else key): text for key, text in compiled.items() if key} == {
        key: text for key, (text, _) in written.items()
    }


def test_no_translation_loses_what_is_filled_in():
    holes = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<a [^>]*>")
    odd = {
        key: text
        for domain in ("django", "djangojs")
        for key, (text, many) in entries(LOCALE / f"{domain}.po").items()
        if sorted(holes.findall(many)) != sorted(holes.findall(text)) and "enable-javascript" not in key
    }
    assert odd == {}


def test_the_scripts_of_the_admin_have_our_words(client, city):
    client.force_login(city.office)
    words = client.get("/admin/jsi18n/").content.decode()
    assert json.dumps("修改已自动保存。") in words
