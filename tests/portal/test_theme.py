"""The theme as values: colours and their contrasts, the glaze line, grounds, and the stylesheet made of them."""

import re
from pathlib import Path

import pytest
from PIL import Image

from portal.theme import contrast, line
from portal.theme.colours import COLOURS, label_of, own, shipped
from portal.theme.contrast import PAIRS, complaints, pairs
from portal.theme.grounds import COVER_SETS, GROUNDS, LABELS, complaint, least_contrast
from portal.theme.palettes import BAMBOO, PALETTES
from portal.theme.stylesheet import Face, stylesheet, unicode_range

ROOT = Path(__file__).resolve().parents[2]
IMG = ROOT / "portal/static/portal/img"
PALETTE_COLOURS = [pytest.param(shipped() | p.colours, id=name) for name, p in PALETTES.items()]


@pytest.mark.parametrize("colours", PALETTE_COLOURS)
def test_every_ready_made_palette_can_be_read(colours):
    assert [(p.ink, p.ground, p.ratio) for p in pairs(colours) if not p.good] == []


def test_every_colour_has_a_shipped_value_and_a_name_and_pairs_name_no_other():
    assert COLOURS.keys() - shipped().keys() == set()
    assert len({c.label for c in COLOURS.values()}) == len(COLOURS)
    assert [label_of(token) for pair in PAIRS for token in pair[:2] if not label_of(token)] == []


def test_contrast_is_that_of_wcag():
    black, white, grey = contrast.rgb("#000000"), contrast.rgb("#ffffff"), contrast.rgb("#777777")
    assert contrast.contrast(black, white) == pytest.approx(21)
    assert contrast.contrast(white, grey) == pytest.approx(4.478, abs=0.001)


def test_a_ratio_just_short_of_what_is_needed_is_cut_not_rounded_up():
    words = contrast.sentence(contrast.Pair("c-control", "c-paper", 3.0, 2.9999), shipped())
    assert words == (
        "“输入框边线”#8a7f6f 在“页面底色”#faf7f1 上的对比度是 2.99，控件需要 3 以上。请调整“输入框边线”或“页面底色”。"
    )


def test_a_weak_pair_names_both_colours_what_is_needed_and_what_can_be_changed():
    assert complaints(shipped() | {"c-link": "#bb8888"}, {"c-link"}) == {
        "c-link": "“链接”#bb8888 在“次级底色”#f3eee4 上的对比度是 2.59，文字需要 4.5 以上。请调整“链接”或“次级底色”。另有 2 处搭配也不够。"
    }


def test_a_ground_that_was_made_dark_is_complained_of_at_the_ground():
    assert list(complaints(shipped() | {"c-foot": "#777777"}, {"c-foot"})) == ["c-foot"]


@pytest.mark.parametrize(
    "value",
    ["red;}body{display:none", "#12345", "#1234567", "#12345g", "#123456;", "#123456\n", "url(//x)", "", None, 7, ["#123456"]],
)  # fmt: skip
def test_what_is_stored_but_no_colour_never_becomes_css(value):
    assert own({"c-accent": value}) == {}


def test_an_unknown_token_and_the_shipped_value_are_dropped():
    assert own({"c-accent": shipped()["c-accent"], "x;}": "#123456", "c-ink": "#123456"}) == {}
    assert own("nothing of the kind") == {}


# --- the glaze line -----------------------------------------------------------------------------------------


def test_a_line_is_read_and_written_alike():
    stops = line.read("#E4EBDD 0%\n\n #b4c8a4   25 \n#8c2a1c 100%")
    assert line.written(stops) == "#e4ebdd 0%\n#b4c8a4 25%\n#8c2a1c 100%"
    assert line.gradient(stops) == "linear-gradient(90deg, #e4ebdd 0%, #b4c8a4 25%, #8c2a1c 100%)"
    assert line.read(" \n") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#e4ebdd 0\nred 100", "釉线第 2 行没有读懂。请写成“#e4ebdd 25%”的样子：颜色，空格，位置。"),
        ("#e4ebdd 0\n#e4ebdd 101", "釉线第 2 行没有读懂。请写成“#e4ebdd 25%”的样子：颜色，空格，位置。"),
        ("#e4ebdd 0; } body {", "釉线第 1 行没有读懂。请写成“#e4ebdd 25%”的样子：颜色，空格，位置。"),
        ("#e4ebdd 0", "釉线现在有 1 个颜色，请写 2 到 10 个。"),
        ("#e4ebdd 50\n#e4ebdd 20", "釉线的位置请从左到右写，由小到大。"),
    ],
)
def test_what_is_no_line_is_refused_in_words(text, words):
    with pytest.raises(line.LineRefused, match=re.escape(words)):
        line.read(text)


def test_the_shipped_line_has_its_eight_stops():
    stops = line.shipped_line()
    assert (len(stops), stops[0], stops[-1]) == (8, ("#dfe8e4", 0), ("#c98a63", 100))


# --- grounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colours", PALETTE_COLOURS)
@pytest.mark.parametrize("slot", GROUNDS)
def test_words_can_be_read_on_every_shipped_ground_that_a_place_may_use(slot, colours):
    poor = {
        name: ratio
        for name in GROUNDS[slot].shipped
        if (ratio := least_contrast(IMG / f"glaze-{name}.webp", slot, colours)) < 4.5
    }
    assert poor == {}


def test_every_ground_that_may_be_chosen_is_shipped_and_has_a_name():
    names = {name for ground in GROUNDS.values() for name in ground.shipped}
    names |= {name for _, covers in COVER_SETS.values() for name in covers}
    assert [name for name in names if not (IMG / f"glaze-{name}.webp").exists()] == []
    assert names - LABELS.keys() == set()


def test_a_picture_that_is_too_bright_for_the_screen_in_the_hall_is_told(tmp_path):
    Image.new("RGB", (80, 50), (250, 250, 250)).save(tmp_path / "bright.png")
    Image.new("RGB", (80, 50), (20, 15, 25)).save(tmp_path / "night.png")
    assert complaint(tmp_path / "bright.png", "dark", shipped()) == (
        "这张图片做“会场大屏”的底纹时，文字的对比度最低只有 1.61，需要 4.5 以上。请换一张更深、更匀的图片。"
    )
    assert complaint(tmp_path / "night.png", "dark", shipped()) == ""


# --- the stylesheet -----------------------------------------------------------------------------------------


def test_nothing_changed_makes_no_stylesheet():
    assert stylesheet({}, (), {}, None) == ""


def test_what_differs_is_written_in_the_layer_of_tokens_so_that_later_layers_win():
    css = stylesheet(
        {"c-accent": "#8c2a1c"}, line.read("#e4ebdd 0\n#8c2a1c 100"), {"tex-hero": "/a.webp"}, None
    )
    assert css == (
        "@layer tokens { :root { --c-accent: #8c2a1c; "
        "--glaze-line: linear-gradient(90deg, #e4ebdd 0%, #8c2a1c 100%); "
        '--tex-hero: url("/a.webp"); } }\n'
    )


def test_the_veils_and_bands_follow_their_colour():
    css = stylesheet({"c-night": "#24382a", "c-g1": "#2b6650"}, (), {}, None)
    assert re.findall(r"--([\w-]+):", css) == ["c-g1", "c-g1-band", "c-night", "ov-session", "ov-session-m"]
    assert css.count("rgb(26 40 30 / 0.92)") == 1


def test_every_token_that_a_theme_writes_is_one_of_the_shipped():
    written = set(
        re.findall(r"--([\w-]+):", stylesheet(BAMBOO.colours, BAMBOO.line, {}, Face("/f", "woff", "人")))
    )
    tokens = (ROOT / "portal/static/portal/css/core/tokens.css").read_text("utf-8")
    assert written - set(re.findall(r"--([\w-]+):", tokens)) == set()


def test_the_heading_font_comes_first_in_the_lists_of_serifs_and_only_for_its_characters():
    css = stylesheet({}, (), {}, Face("/theme/0.woff", "woff", "ab人"))
    assert css.count('src: url("/theme/0.woff") format("woff"); unicode-range: U+61-62, U+4EBA;') == 1
    assert re.findall(r'--(ff-\w+): "Heading Serif", "Noto Serif SC"', css) == ["ff-num", "ff-serif"]
    assert css.count("font-display: swap") == 1


def test_characters_are_written_in_spans():
    assert unicode_range("cbaz中丏丐") == "U+61-63, U+7A, U+4E0F-4E10, U+4E2D"


# --- no place ----------------------------------------------------------------------------------------------


def test_no_place_is_named_in_templates_styles_or_code():
    """Names of places are data. The demonstration city's texts and the codes of areas are data too."""
    places = re.compile("禹州|钧瓷|钧窑|神垕|平顶山|许昌|河南")
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(f for app in ("portal", "stations", "sessions", "scoring") for f in (ROOT / app).rglob("*.*")),
    ]
    looked_at = [f for f in files if f.suffix in {".html", ".css", ".js", ".py"} and "demo" not in f.parts]
    found = {
        str(f.relative_to(ROOT)): words for f in looked_at if (words := places.findall(f.read_text("utf-8")))
    }
    assert (len(looked_at) > 300, found) == (True, {})
