"""The look: stylesheets keep their layers and tokens, templates keep the strict policy, tags write what they promise."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory

from portal import dates, ruler
from portal.icons import ICONS
from portal.templatetags import portal_tags

ROOT = Path(__file__).resolve().parents[2]
CSS = sorted((ROOT / "portal/static/portal/css").rglob("*.css"))
TOKENS = ROOT / "portal/static/portal/css/core/tokens.css"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
GRADES = [("优秀", 90), ("称职", 70), ("基本称职", 60), ("不称职", 0)]
SHANGHAI = ZoneInfo("Asia/Shanghai")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")


def render(source, **context):
    return engines["django"].from_string("{% load portal_tags %}" + source).render(context)


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def token(name):
    found = re.search(rf"--{name}:\s*(#[0-9a-f]{{6}}|var\(--([\w-]+)\))", TOKENS.read_text("utf-8"))
    return token(found[2]) if found[2] else found[1]


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(token(one)), luminance(token(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# --- stylesheets --------------------------------------------------------------------------------------------


def test_only_the_tokens_name_a_colour():
    assert {p.name: COLOUR.findall(without_comments(p)) for p in CSS if p != TOKENS} == {
        p.name: [] for p in CSS if p != TOKENS
    }


def test_every_token_that_is_used_is_defined():
    text = "".join(map(without_comments, CSS))
    assert set(re.findall(r"var\(--([\w-]+)", text)) - set(re.findall(r"--([\w-]+):", text)) == set()


def test_every_token_of_the_theme_is_used():
    text = "".join(map(without_comments, CSS))
    defined = set(re.findall(r"--([\w-]+):", without_comments(TOKENS)))
    assert defined - set(re.findall(r"var\(--([\w-]+)", text)) == set()


def test_every_rule_lies_in_a_declared_layer():
    declared = re.search(r"@layer ([\w, ]+);", TOKENS.read_text("utf-8"))[1].split(", ")
    used = {
        name for p in CSS for name in re.findall(r"^@layer (\w+) \{", without_comments(p), flags=re.MULTILINE)
    }
    assert used - set(declared) == set()
    for path in CSS:
        outside = re.sub(r"^@layer .*?^\}$", "", without_comments(path), flags=re.DOTALL | re.MULTILINE)
        assert re.sub(r"@layer [\w, ]+;", "", outside).strip() == "", path.name


def test_no_stylesheet_is_longer_than_three_hundred_lines():
    assert [p.name for p in CSS if len(p.read_text("utf-8").splitlines()) > 300] == []


def test_every_picture_a_stylesheet_names_is_there():
    named = {p.parent / found for p in CSS for found in re.findall(r'url\("([^"]+)"\)', p.read_text("utf-8"))}
    assert [str(p) for p in named if not p.exists()] == []


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *[("c-ink", ground, 7) for ground in ("c-paper", "c-paper-2", "c-surface")],
        *[("c-ink-3", ground, 4.5) for ground in ("c-paper", "c-paper-2", "c-surface", "glaze-moon")],
        *[("c-link", ground, 4.5) for ground in ("c-paper", "c-paper-2", "c-surface")],
        *[("c-on-accent", ground, 4.5) for ground in ("c-accent", "c-accent-hover")],
        *[
            (f"c-{role}", f"c-{role}-lt", 4.5)
            for role in ("info", "ok", "warn", "err", "accent", "g1", "g2", "g3", "g4")
        ],
        *[("c-on-glaze", f"m-{glaze}2", 4.5) for glaze in "abcdef"],
        ("glaze-rose", "glaze-rose-lt", 4.5),
        ("c-foot-ink", "c-foot", 4.5),
        ("c-foot-ink-2", "c-foot", 4.5),
        *[("c-control", ground, 3) for ground in ("c-paper", "c-surface")],
        *[("c-focus", ground, 3) for ground in ("c-paper", "c-surface", "c-focus-in")],
        *[("c-focus-in", ground, 3) for ground in ("c-accent", "c-foot")],
    ],
)
def test_words_and_controls_stand_out_from_their_ground(ink, ground, least):
    assert contrast(ink, ground) >= least


# --- templates ----------------------------------------------------------------------------------------------


def test_no_template_carries_inline_style_or_script():
    wrong = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)|javascript:")
    found = {p.name: wrong.findall(p.read_text("utf-8")) for p in TEMPLATES if p.name != "500.html"}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_last_resort_page_needs_nothing_else():
    text = (ROOT / "templates/500.html").read_text("utf-8")
    assert re.findall(r"\{[%{]|\ssrc=|<link|\sstyle=|url\(", text) == []


def test_every_template_compiles():
    for path in TEMPLATES:
        get_template(str(path.relative_to(ROOT / "templates")))


def test_every_icon_a_template_asks_for_is_drawn():
    asked = {name for p in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', p.read_text("utf-8"))}
    assert asked - set(ICONS) == set()


def test_an_anonymous_page_sets_no_cookie_and_carries_no_form_token(client, db):
    response = client.get("/nothing-here/")
    assert (response.status_code, "csrfmiddlewaretoken" in response.text, list(response.cookies)) == (
        404,
        False,
        [],
    )


def test_a_missing_page_names_the_way_on_and_no_number(client, db):
    text = client.get("/nothing-here/").text
    assert re.findall(r"<h1>(.*?)</h1>", text) == ["这一页没有找到"]
    assert re.findall(r"<title>(.*?)</title>", text) == ["这一页没有找到 - 代表履职分享平台"]


def test_the_reader_s_choice_of_large_text_stands_on_the_root(client, db):
    client.cookies["text"] = "large"
    assert (
        client.get("/nothing-here/").text.count('<html lang="zh-CN" data-account="" data-text="large">') == 1
    )


def test_every_page_has_one_skip_link_to_its_main_part(client, db):
    text = client.get("/nothing-here/").text
    assert (text.count('href="#main"'), text.count('id="main"')) == (1, 1)


def test_a_login_that_did_not_work_keeps_the_name_and_says_so_on_top(client, db):
    text = client.post("/accounts/login/", {"login": "13800000000", "password": "wrong"}).text
    assert re.findall(r'name="login" value="(\d+)"', text) == ["13800000000"]
    assert text.count('role="alert"') == 1
    assert "wrong" not in text


def test_no_account_page_points_at_a_description_that_is_not_there(client, db):
    text = client.get("/accounts/login/").text
    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', text) for name in names.split()}
    assert described - set(re.findall(r'\sid="([^"]+)"', text)) == set()


# --- words --------------------------------------------------------------------------------------------------


def test_a_heading_breaks_after_its_phrases():
    expected = '<span class="phr">“走进联络站”：</span><span class="phr">怎样让群众愿意来、</span><span class="phr">说真话</span>'
    assert portal_tags.phrases("“走进联络站”：怎样让群众愿意来、说真话") == expected


def test_a_closing_quote_stays_with_its_phrase():
    assert (
        portal_tags.phrases("他说：“来，坐。”")
        == '<span class="phr">他说：</span><span class="phr">“来，</span><span class="phr">坐。”</span>'
    )


def test_a_heading_of_one_phrase_stays_plain():
    assert portal_tags.phrases("代表风采") == "代表风采"


def test_a_bar_forces_a_break_and_markup_is_escaped():
    assert portal_tags.phrases("守着窑火|<b>也守着") == "守着窑火<br>&lt;b&gt;也守着"
    assert portal_tags.unbroken("守着窑火，|也守着") == "守着窑火，也守着"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("87.00"), "87"),
        (Decimal("87.50"), "87.5"),
        (Decimal(100), "100"),
        (Decimal("0.00"), "0"),
        (Decimal("89.999"), "89.99"),
        (Decimal("-2.5"), "−2.5"),
        (Fraction(1, 3), "0.33"),
        (Fraction(29, 2), "14.5"),
        (7, "7"),
        ("8.10", "8.1"),
        (None, "—"),
        ("", "—"),
        ("缺", "—"),
    ],
)
def test_points_are_written_as_people_write_them_and_never_rounded_up(value, text):
    assert portal_tags.points(value) == text


def test_the_same_person_keeps_the_same_glaze():
    assert portal_tags.monogram("王样本", 8) == '<span class="mono m-c" aria-hidden="true">王</span>'
    assert portal_tags.monogram(" ", None, "l") == '<span class="mono m-a l" aria-hidden="true">代</span>'


@pytest.mark.parametrize(
    ("text", "rows"), [("代表之声", ["代表", "之声"]), ("人大", ["人", "大"]), ("代表家", ["代表", "家"])]
)
def test_the_seal_is_read_in_rows_of_two(text, rows):
    assert portal_tags.seal_rows(text) == rows


def test_dates_are_written_in_local_time():
    moment = datetime(2026, 11, 25, 17, 5, tzinfo=ZoneInfo("UTC"))
    assert [
        spell(moment)
        for spell in (dates.cn_date, dates.cn_day, dates.cn_month_weekday, dates.cn_month_day, dates.cn_time)
    ] == [
        "2026 年 11 月 26 日（周四）",
        "26",
        "11 月 · 周四",
        "11 月 26 日",
        "01:05",
    ]


def test_a_day_without_time_is_written_too():
    assert (dates.cn_day(date(2026, 12, 3)), dates.cn_date(None), dates.cn_time(None)) == ("03", "", "")


def test_a_span_is_joined_by_the_long_dash():
    start, end = (
        datetime(2026, 11, 26, 14, 30, tzinfo=SHANGHAI),
        datetime(2026, 11, 26, 16, 30, tzinfo=SHANGHAI),
    )
    assert (dates.cn_span(start, end), dates.cn_span(start)) == ("14:30—16:30", "14:30")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (datetime(2026, 11, 26, 23, 59, tzinfo=SHANGHAI), "22:40—23:59"),
        (datetime(2026, 11, 26, 16, 40, tzinfo=UTC), "22:40—次日 00:40"),
        (datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI), "22:40—11 月 28 日 09:00"),
    ],
)
def test_a_span_over_midnight_says_the_day_of_its_end(end, said):
    assert dates.cn_span(datetime(2026, 11, 26, 22, 40, tzinfo=SHANGHAI), end) == said


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "maximum", "kind", "width"),
    [
        (15, 15, " full", "100"),
        (14, 20, " low", "70"),
        (Decimal(18), Decimal(20), "", "90"),
        (Fraction(1, 3), 1, " low", "33.33"),
        (30, 20, " full", "100"),
        (3, 0, " low", "0"),
        (None, 10, " low", "0"),
    ],
)
def test_a_bar_is_as_long_as_the_share(value, maximum, kind, width):
    bar = portal_tags.share_bar(value, maximum)
    assert re.findall(r'class="bar([^"]*)".*width="([^"]+)"', bar) == [(kind, width)]


def test_the_pin_lies_between_the_edges_of_its_grade():
    scale = ruler.lay_out(Decimal(80), GRADES)
    assert (scale.band.name, scale.goal.name, scale.pin) == ("称职", "优秀", pytest.approx(scale.band.middle))


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (0, "不称职"),
        (Decimal("59.9"), "不称职"),
        (60, "基本称职"),
        (Decimal("89.99"), "称职"),
        (90, "优秀"),
        (104, "优秀"),
    ],
)
def test_a_grade_begins_at_its_least_points(total, grade):
    assert ruler.lay_out(total, GRADES).band.name == grade


def test_the_bands_fill_the_ruler_whatever_the_total():
    for total in (-3, 0, 55, 100, 112):
        scale = ruler.lay_out(total, GRADES)
        assert sum(band.width for band in scale.bands) == pytest.approx(100)
        assert 0 <= scale.pin <= 100


def test_the_scale_ends_at_the_total_when_extra_points_pass_the_hundred():
    assert (ruler.lay_out(87, GRADES).top, ruler.lay_out(Decimal("103.5"), GRADES).top) == (100, 104)


def test_the_ruler_is_said_in_one_sentence():
    said = re.search(
        r'aria-label="([^"]+)"', render("{% score_ruler total bands %}", total=Decimal("87.00"), bands=GRADES)
    )[1]
    assert said == (
        "得分标尺：60 分以下不称职，60 分起基本称职，70 分起称职，90 分起优秀。当前 87 分，位于称职，距优秀还差 3 分。"
    )


def test_the_best_grade_has_no_goal_left():
    svg = portal_tags.score_ruler(96, GRADES)
    assert (svg.count('class="goal"'), svg.count("ruler g1")) == (0, 1)


def test_a_ruler_without_grades_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        ruler.lay_out(3, [])


# --- ways on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("/", ["page", "", "", "", "", ""]),
        ("/daibiao/", ["", "page", "", "", "", ""]),
        ("/fenxianghui/14/", ["", "", "true", "", "", ""]),
        ("/me/", ["", "", "", "", "", ""]),
    ],
)
def test_the_navigation_knows_where_the_reader_is(path, marks):
    items = portal_tags.main_nav({"request": RequestFactory().get(path)})
    assert [item.current for item in items] == marks


def test_the_navigation_knows_by_the_trail_which_section_a_page_outside_of_it_belongs_to():
    trail = [("分享会", "/fenxianghui/"), ("金点子", "/jindianzi/")]
    items = portal_tags.main_nav({"request": RequestFactory().get("/jindianzi/2026-1/"), "trail": trail})
    assert [item.current for item in items] == ["", "", "true", "", "", ""]


def test_changing_the_size_of_the_text_keeps_what_was_searched_for():
    request = RequestFactory().get("/kejian/?q=检测&text=std")
    assert portal_tags.switch({"request": request}, "text", "large") == "?q=%E6%A3%80%E6%B5%8B&text=large"
    assert portal_tags.switch({}, "text", "large") == "?text=large"


# --- when something is in the way ---------------------------------------------------------------------------


def heading(text):
    return re.findall(r"<h1[^>]*>(.*?)</h1>", text)


def test_an_unreadable_address_is_answered_even_without_a_request(db):
    assert heading(get_template("400.html").render()) == ["这个网址没有读懂"]


def test_a_form_that_grew_too_old_says_that_nothing_was_written(client, db):
    client.handler.enforce_csrf_checks = True
    response = client.post("/accounts/login/", {"login": "a", "password": "b"})
    assert (response.status_code, heading(response.text)) == (403, ["这一页停留太久了"])


def test_who_is_not_signed_in_is_shown_the_way_to_sign_in(rf, db):
    text = get_template("403.html").render({}, rf.get("/me/?a=1"))
    assert re.findall(r'href="(/accounts/login/\?next=[^"]*)"', text) == [
        "/accounts/login/?next=%2Fme%2F%3Fa%3D1"
    ]


def test_no_template_blames_the_reader_or_raises_its_voice():
    words = re.compile("失败|非法|异常|操作有误|请勿|！")
    found = {p.name: words.findall(p.read_text("utf-8")) for p in TEMPLATES}
    assert {name: hits for name, hits in found.items() if hits} == {}
