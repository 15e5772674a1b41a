"""The pictures that chat apps show of a page: of public pages only, drawn once, whatever stands in a title."""

import io
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as live
from PIL import Image, ImageColor
from wagtail.models import PageViewRestriction

from portal.covers import drawing, faces, keeping
from portal.covers.drawing import Words, draw
from portal.covers.keeping import address_of, digest_of, forget, kept, words_of
from portal.covers.lines import balanced, broken, phrases, shortened, units_of
from portal.models import CongressSettings, NoticePage, SiteTheme


@pytest.fixture(autouse=True)
def _private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def notice(site):
    def publish(title="关于自评的通知", **more):
        return site["tongzhi"].add_child(instance=NoticePage(title=title, date="2026-06-01", **more))

    return publish


def files():
    return sorted(each.name for each in Path(live.PRIVATE_ROOT).glob("covers/*.jpg"))


def picture(answer):
    return Image.open(io.BytesIO(b"".join(answer)))


def identity(page):
    return CongressSettings.for_site(page.get_site())


def written(title="示例", **more):
    return Words(
        **{"title": title, "label": "通知公告", "site_name": "示例平台", "seal": "代表之声", "ground": "sky"}
        | {"paper": "#faf7f1", "accent": "#9c1c1f"}
        | more
    )


# --- lines ------------------------------------------------------------------------------------------------------


def test_latin_words_and_numbers_stay_whole_and_marks_stay_with_their_text():
    assert units_of("自评（2026-06）与 Wagtail 8.0：“好”。") == [
        "自", "评", "（2026-06）", "与", " ", "Wagtail", " ", "8.0：", "“好”。",
    ]  # fmt: skip


def test_no_line_begins_with_a_mark_or_is_wider_than_the_room():
    text = "守着窑火、田地和学校，也守着乡亲的事。" * 3
    for most in range(3, 20):
        rows = broken(text, len, most)
        assert ("".join(rows), max(map(len, rows)) <= most) == (text, True)
        assert [row for row in rows if row[0] in "、，。"] == []


def test_a_word_wider_than_the_room_is_cut():
    assert broken("a" * 7, len, 3) == ["aaa", "aaa", "a"]


def test_lines_are_made_as_even_as_their_number_allows():
    assert balanced("一二三四五六七八九十", len, 8, 1) == ["一二三四五", "六七八九十"]


def test_what_is_too_long_ends_in_dots_within_the_room():
    assert shortened(["一二三", "四五，", "六七"], 2, len, 3) == ["一二三", "四五…"]


def test_a_title_falls_into_phrases():
    assert phrases("守着窑火，也守着“乡亲？”的事") == ["守着窑火，", "也守着“乡亲？”", "的事"]


# --- drawing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    ["丁", "守着窑火，|也守着乡亲的事", "关于" * 100, "a" * 200, "𠮷田与䶮", "😀", "", "|", "\u202e\x00<b>", "，。", "“" * 30,
     "Ünïcödé مرحبا 한국어 ひらがな"],
)  # fmt: skip
def test_any_title_gives_a_picture_of_the_size_that_chat_apps_ask_for(title):
    image = Image.open(io.BytesIO(draw(written(title))))
    assert (image.format, image.size, image.mode) == ("JPEG", (1200, 630), "RGB")


def test_the_same_words_give_the_same_picture_and_other_words_another():
    assert (draw(written()) == draw(written()), draw(written()) == draw(written("别的"))) == (True, False)


def test_no_title_runs_into_the_glaze_or_over_its_label():
    blank = Image.open(io.BytesIO(draw(written(""))))
    for title in (
        "关于" * 100,
        "Wagtail" * 40,
        "一" * 8,
        "，" * 90,
        "关于开展自评、组织评定、复核：和公示？" * 3,
    ):
        full = Image.open(io.BytesIO(draw(written(title))))
        margin = (drawing.GLAZE_AT - 40, 0, drawing.GLAZE_AT - 4, drawing.HEIGHT)
        label = (0, 0, drawing.GLAZE_AT, drawing.TOP + 40)
        foot = (0, drawing.BOTTOM - drawing.SEAL + 20, drawing.GLAZE_AT, drawing.HEIGHT)
        for box in (margin, label, foot):
            pairs = zip(full.crop(box).tobytes(), blank.crop(box).tobytes(), strict=True)
            assert max(abs(a - b) for a, b in pairs) < 40  # what JPEG blurs, no stroke


def test_a_character_without_a_font_is_shown_as_a_mark_and_signs_are_left_out(monkeypatch):
    monkeypatch.setattr(faces, "files", lambda: (faces.pylopdf_fonts_zh_cn.serif_path(),))
    assert faces.shown("𠮷田😀好\x00") == "〓田好"


@pytest.mark.parametrize(("paper", "accent"), [("#faf7f1", "#9c1c1f"), ("#e0f0ff", "#004080")])
def test_paper_bar_and_seal_have_the_colours_of_the_site(paper, accent):
    image = Image.open(io.BytesIO(draw(written("", paper=paper, accent=accent))))
    bar, seal = (drawing.LEFT + 3, drawing.TOP + 20), (drawing.LEFT + 6, drawing.BOTTOM + 12)
    for at, colour in (((20, 20), paper), (bar, accent), (seal, accent)):
        wanted = ImageColor.getrgb(colour)
        assert (
            max(abs(a - b) for a, b in zip(image.getpixel(at), wanted, strict=True)) < 12
        )  # what JPEG blurs


# --- keeping ----------------------------------------------------------------------------------------------------


def test_a_cover_is_drawn_when_first_asked_for_and_then_kept(client, notice, monkeypatch):
    page = notice()
    address = address_of(page, identity(page))
    assert picture(client.get(address)).size == (1200, 630)
    monkeypatch.setattr(keeping, "draw", None)
    again = client.get(address)
    assert (picture(again).size, again["Content-Type"], again["Cache-Control"]) == (
        (1200, 630), "image/jpeg", "public, max-age=86400",
    )  # fmt: skip
    assert files() == [f"{page.pk}-{digest_of(words_of(page, identity(page)))}.jpg"]


def test_another_title_is_another_address_the_old_one_leads_there_and_one_file_is_kept(
    client, notice, commits
):
    page = notice()
    old = address_of(page, identity(page))
    b"".join(client.get(old))
    with commits():
        page.title = "改过的通知"
        page.save_revision().publish()
    new = address_of(page, identity(page))
    assert (old == new, client.get(old).status_code, client.get(old)["Location"]) == (False, 302, new)
    assert (b"".join(client.get(new))[:2], len(files())) == (b"\xff\xd8", 1)


def test_another_look_of_the_site_is_another_address_of_every_cover(client, notice, just_started):
    page = notice()
    shipped = {key: words_of(each, identity(page)) for key, each in (("page", page), ("site", None))}
    colours = {"c-accent": "#8c2a1c", "c-paper": "#f8f8f2"}
    look = {"colours": colours, "hero_ground": "bamboo", "cover_set": "quiet"}
    SiteTheme.objects.create(site=page.get_site(), **look)
    own = {key: words_of(each, identity(page)) for key, each in (("page", page), ("site", None))}
    assert [(w.paper, w.accent) for w in (*shipped.values(), *own.values())] == [
        *[("#faf7f1", "#9c1c1f")] * 2, *[("#f8f8f2", "#8c2a1c")] * 2,
    ]  # fmt: skip
    assert (shipped["site"].ground, own["site"].ground, own["page"].ground in {"moon", "sky"}) == (
        "hero", "bamboo", True,
    )  # fmt: skip
    assert digest_of(shipped["page"]) != digest_of(own["page"])
    assert picture(client.get(address_of(page, identity(page)))).size == (1200, 630)


def test_a_stored_ground_that_is_none_of_ours_is_not_looked_for(notice):
    page = notice()
    SiteTheme.objects.create(site=page.get_site(), hero_ground="../x", colours={"c-paper": "red"})
    assert (words_of(None, identity(page)).ground, words_of(None, identity(page)).paper) == (
        "hero",
        "#faf7f1",
    )


def test_drafts_restricted_pages_and_what_is_none_have_no_cover_and_nothing_is_drawn(client, notice):
    draft, closed = notice(live=False), notice()
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    asked = [address_of(page, identity(page)) for page in (draft, closed)]
    asked += ["/fengmian/999999-00.jpg", "/fengmian/1-00.jpg"]
    assert ([client.get(each).status_code for each in asked], files()) == ([404] * 4, [])


def test_nobody_has_pictures_made_of_words_of_their_own(client, notice):
    page = notice()
    for digest in ("0" * 20, "x", "关于"):
        answer = client.get(f"/fengmian/{page.pk}-{digest}.jpg")
        assert answer.status_code in {302, 404}
    assert files() == []


def test_a_page_taken_back_takes_its_cover_along(client, notice, commits):
    page = notice()
    address = address_of(page, identity(page))
    b"".join(client.get(address))
    with commits():
        page.unpublish()
    assert (client.get(address).status_code, files()) == (404, [])


def test_asked_for_by_many_at_once_a_cover_is_drawn_once(monkeypatch):
    drawn = Counter()

    def slowly(words):
        drawn[words.title] += 1
        time.sleep(0.2)
        return b"\xff\xd8"

    monkeypatch.setattr(keeping, "draw", slowly)
    threads = [threading.Thread(target=kept, args=(7, written())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (drawn, len(files())) == (Counter({"示例": 1}), 1)


def test_who_cannot_wait_any_longer_is_told_when_to_come_again(client, notice, monkeypatch):
    page = notice()
    monkeypatch.setattr(keeping, "PATIENCE", 0.05)
    with keeping._one_at_a_time():
        answer = client.get(address_of(page, identity(page)))
    assert (answer.status_code, answer["Retry-After"], files()) == (503, "5", [])


def test_a_drawing_that_breaks_off_leaves_no_half_picture_and_no_lock(monkeypatch):
    def breaking(words):
        raise MemoryError

    with monkeypatch.context() as broken_drawing:
        broken_drawing.setattr(keeping, "draw", breaking)
        with pytest.raises(MemoryError):
            kept(7, written())
    assert (files(), kept(7, written()).stat().st_size > 1000) == ([], True)


def test_the_cover_of_one_page_is_not_taken_for_that_of_another():
    kept(7, written())
    kept(77, written())
    forget(7)
    assert files() == [f"77-{digest_of(written())}.jpg"]


def test_what_has_no_page_shows_the_cover_of_the_site(client, site):
    home = client.get("/ditu/").content.decode()
    address = address_of(None, CongressSettings.for_site(site["home"].get_site()))
    assert (f"http://testserver{address}" in home, client.get(address).status_code) == (True, 200)
