"""站点外观 in the admin: what it takes, what it refuses, and that readers see it at once."""

import io
import re

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from portal import generation
from portal.models import CongressSettings, SiteTheme, User
from portal.theme.colours import COLOURS
from portal.theme.grounds import RENDITION
from portal.theme.palettes import BAMBOO
from tests.opened import opened

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
INJECTION = "red;}body{display:none"


@pytest.fixture
def office(client, city, site):
    client.force_login(city.office, backend=BACKEND)
    return client


@pytest.fixture
def address(site):
    return reverse("wagtailsettings:edit", args=["portal", "sitetheme", site["home"].get_site().pk])


def save(client, address, commits, **fields):
    """Open the form and post it; return the answer."""
    with commits():
        return client.post(address, fields | opened(client, address))


def theme():
    return SiteTheme.objects.get()


def href(client):
    """Return the addresses of the theme's stylesheet on the home page, as anonymous readers get it."""
    client.logout()
    return re.findall(r'href="(/theme/[^"]+)"', client.get("/").text)


def errors(answer):
    """Return {field: sentences} of the form in an answer."""
    return {name: list(words) for name, words in answer.context["form"].errors.items()}


def picture(colour, size=(400, 250)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def uploaded(colour):
    return get_image_model().objects.create(
        title="示例图片", file=ImageFile(io.BytesIO(picture(colour)), name="example.png")
    )


def test_a_saved_colour_reaches_the_next_reader_also_where_the_page_was_stored(office, address, commits):
    assert href(office) == []
    office.get("/")
    assert office.get("/")["X-Cache"] == "hit"
    office.force_login(office_user(), backend=BACKEND)
    assert save(office, address, commits, colour_c_accent="#8C2A1C").status_code == 302
    (link,) = href(office)
    assert office.get(link).text == "@layer tokens { :root { --c-accent: #8c2a1c; } }\n"


def office_user():
    return User.objects.get(username="office")


def test_the_stylesheet_is_kept_for_ever_under_its_digest_and_for_a_minute_under_another(
    office, address, commits
):
    save(office, address, commits, colour_c_accent="#8c2a1c")
    (link,) = href(office)
    old = "/theme/0123456789abcdef.css"
    now, before = office.get(link), office.get(old)
    assert (now["Content-Type"], now["Cache-Control"]) == (
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    assert (before.status_code, before["Cache-Control"], before.text) == (200, "public, max-age=60", now.text)
    assert office.get("/theme/else.css").status_code == 404


def test_back_to_the_shipped_look_no_page_asks_for_a_stylesheet_and_an_open_page_gets_an_empty_one(
    office, address, commits
):
    save(office, address, commits, colour_c_accent="#8c2a1c")
    (link,) = href(office)
    office.force_login(office_user(), backend=BACKEND)
    save(office, address, commits, colour_c_accent="")
    assert href(office) == []
    after = office.get(link)
    assert (after.status_code, after.text, after["Cache-Control"]) == (200, "", "public, max-age=60")


def test_the_policy_stays_as_strict_as_without_a_theme(office, address, commits):
    office.logout()
    before = office.get("/")["Content-Security-Policy"]
    office.force_login(office_user(), backend=BACKEND)
    save(office, address, commits, preset="bamboo")
    (link,) = href(office)
    page = office.get("/")
    parts = [set(policy.split("; ")) for policy in (before, page["Content-Security-Policy"])]
    assert parts[0] == parts[1]
    assert re.findall(r"<style|\sstyle=", page.text) == []
    assert office.get(link)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("value", [INJECTION, "#12345", "#12345é", "red", "url(//a.example)", "#123456 "[:6]])
def test_what_is_no_colour_is_refused_and_nothing_typed_is_lost(office, address, commits, value):
    answer = save(office, address, commits, colour_c_link=value, colour_c_accent="#8c2a1c", cover_set="warm")
    assert errors(answer) == {"colour_c_link": ["颜色请写成 # 加六位数字或字母 a 到 f，例如 #9c1c1f。"]}
    form = answer.context["form"]
    assert [form[n].value() for n in ("colour_c_link", "colour_c_accent", "cover_set")] == [
        value,
        "#8c2a1c",
        "warm",
    ]
    assert SiteTheme.objects.count() == 0
    assert href(office) == []


def test_colours_that_words_could_not_be_read_with_are_refused_at_their_field(office, address, commits):
    answer = save(office, address, commits, colour_c_accent="#ffcc00", colour_glaze_rose="#3e5a46")
    assert answer.status_code == 200
    assert errors(answer) == {
        "colour_c_accent": [
            "“主色”#ffcc00 在“次级底色”#f3eee4 上的对比度是 1.30，文字需要 4.5 以上。请调整“主色”或“次级底色”。另有 5 处搭配也不够。"
        ]
    }
    assert answer.context["form"]["colour_glaze_rose"].value() == "#3e5a46"
    assert SiteTheme.objects.count() == 0


def test_one_click_writes_a_palette_and_another_takes_it_back(office, address, commits):
    save(office, address, commits, preset="bamboo", colour_c_foot="#000000", cover_set="quiet")
    found = theme()
    assert (found.colours, found.stops, found.hero_ground, found.session_ground, found.cover_set) == (
        BAMBOO.colours, BAMBOO.line, "bamboo", "green", "quiet",
    )  # fmt: skip
    save(office, address, commits, preset="shipped", cover_set="quiet")
    found = theme()
    assert (found.colours, found.line, found.hero_ground, found.cover_set) == ({}, "", "", "quiet")


def test_the_form_shows_the_theme_as_saved_with_its_pairs_and_saves_as_typed_on_enter(
    office, address, commits
):
    save(office, address, commits, preset="bamboo")
    page = office.get(address).text
    assert page.count('fill="#8c2a1c"') >= 2
    assert re.findall(r'name="preset" value="(\w+)"', page) == ["shipped", "bamboo"]
    first = re.search(r"<button[^>]*type=\"submit\"[^>]*>", page[page.index("现在的样子") :])[0]
    assert "preset" not in first
    assert page.count("<td>4.5</td>") > 30


def test_a_line_that_is_none_is_refused(office, address, commits):
    answer = save(office, address, commits, line="#e4ebdd 0\n#e4ebdd 0; } * { display: none")
    assert list(errors(answer)) == ["line"]
    assert SiteTheme.objects.count() == 0


def test_looking_at_the_form_stores_nothing(office, address):
    assert office.get(address).status_code == 200
    assert office.get(reverse("wagtailsettings:edit", args=["portal", "sitetheme"])).status_code in {302, 404}
    assert SiteTheme.objects.count() == 0


@pytest.mark.parametrize("who", ["recorder", "reviewer", "auditor"])
def test_only_who_may_change_settings_changes_the_look(client, city, site, address, who):
    client.force_login(getattr(city, who), backend=BACKEND)
    assert client.post(address, {"preset": "bamboo"}).status_code == 302
    assert SiteTheme.objects.count() == 0


def test_a_picture_of_the_office_becomes_a_ground_made_when_it_is_saved(office, address, commits):
    image = uploaded((30, 24, 40))
    save(office, address, commits, dark_picture=image.pk)
    (link,) = href(office)
    made = image.renditions.get(filter_spec=RENDITION)
    assert office.get(link).text == f'@layer tokens {{ :root {{ --tex-dark: url("{made.url}"); }} }}\n'


def test_a_ground_whose_picture_is_not_made_leaves_the_shipped_one_and_makes_none_for_a_reader(
    office, address, commits
):
    image = uploaded((30, 24, 40))
    save(office, address, commits, dark_picture=image.pk)
    image.renditions.all().delete()
    office.logout()
    assert href(office) == []
    assert image.renditions.count() == 0


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Wagtail's chooser leaves a file open
def test_a_picture_on_which_words_could_not_be_read_is_refused(office, address, commits):
    answer = save(office, address, commits, dark_picture=uploaded((240, 240, 240)).pk)
    assert list(errors(answer)) == ["dark_picture"]
    assert SiteTheme.objects.count() == 0


def test_a_saved_theme_drops_the_stored_pages_of_every_process(office, address, commits):
    """Every process reads the same generation (tests/portal/test_pagecache.py)."""
    before = generation.current(), generation.current(generation.FRAME)
    save(office, address, commits, colour_c_accent="#8c2a1c")
    after = generation.current(), generation.current(generation.FRAME)
    assert [new > old for new, old in zip(after, before, strict=True)] == [True, True]


def test_the_look_is_read_with_the_identity_in_one_query(
    office, site, address, commits, django_assert_num_queries
):
    here = site["home"].get_site()
    assert CongressSettings.for_site(here).theme is None
    save(office, address, commits, preset="bamboo")
    with django_assert_num_queries(1):
        identity = CongressSettings.for_site(here)
        assert (identity.theme.own_colours, identity.heading_font) == (BAMBOO.colours, None)


def test_a_wrong_kind_of_file_is_no_emblem(office, address, commits):
    file = SimpleUploadedFile("emblem.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    assert list(errors(save(office, address, commits, emblem=file))) == ["emblem"]
    assert SiteTheme.objects.count() == 0


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((100, 100), "图片高 100 像素，显示会不清楚"),
        ((400, 200), "图片宽 400、高 200 像素，不像单独的国徽图案"),
    ],
)
def test_an_emblem_that_could_not_be_shown_as_it_should_is_refused(office, address, commits, size, words):
    file = SimpleUploadedFile("emblem.png", picture((200, 30, 30), size), "image/png")
    answer = save(office, address, commits, emblem=file)
    assert [sentence.startswith(words) for sentence in errors(answer)["emblem"]] == [True]


def test_the_emblem_stands_on_the_home_page_alone_byte_by_byte_as_it_was_uploaded(
    office, site, address, commits
):
    original = picture((200, 30, 30), (300, 320))
    save(office, address, commits, emblem=SimpleUploadedFile("emblem.png", original, "image/png"))
    office.logout()
    page = office.get("/").text
    (tag,) = re.findall(r'<p class="emblem">(<img [^>]*>)</p>', page)
    link = re.search(r'src="([^"]+)"', tag)[1]
    answer = office.get(link)
    assert (b"".join(answer), answer["Content-Type"]) == (original, "image/png")
    assert re.findall(r'(?:width|height|alt)="([^"]*)"', tag) == ["300", "320", "中华人民共和国国徽"]
    assert [
        path for path in ("/tongzhi/", "/daibiao/", "/nothing/") if "emblem" in office.get(path).text
    ] == []
    assert office.get("/theme/" + "0" * 32 + ".png").status_code == 404


def test_without_an_upload_no_emblem_stands_anywhere(client, site):
    assert "emblem" not in client.get("/").text


def test_every_colour_of_the_table_has_its_field(office, address):
    page = office.get(address).text
    assert [c.field for c in COLOURS.values() if f'name="{c.field}"' not in page] == []
