"""Pictures on public pages: three formats with their sizes, a stand-in where none is made, none made by a reader."""

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from wagtail.images import get_image_model
from wagtail.models import Site

from portal.models import CongressSettings, SiteTheme
from portal.pictures import making
from portal.pictures.making import make_for_image
from portal.pictures.uses import FORMATS, USES, specs_needed, specs_of
from portal.theme.grounds import COVERS as GLAZES
from tests.portal.pictured import notice, photograph, story
from tests.sessions.faces import courseware

Rendition = get_image_model().get_rendition_model()


def soup(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def sources(picture):
    """Return [(type, widths)] of a <picture>, the fallback last."""
    found = [
        (one["type"], [part.split()[-1] for part in one["srcset"].split(", ")]) for one in picture("source")
    ]
    return [*found, (picture.img["src"].rpartition(".")[2], [picture.img["width"], picture.img["height"]])]


def test_a_picture_comes_in_three_formats_with_widths_and_its_size(client, city, site):
    page = story(city, site, cover=photograph(), made=FORMATS)
    picture = soup(client, page.url).select_one(".story-top .pic picture")
    assert sources(picture) == [
        ("image/avif", ["400w", "800w"]), ("image/webp", ["400w", "800w"]), ("jpg", ["800", "1000"]),
    ]  # fmt: skip
    assert {one["sizes"] for one in picture.select("source")} == {"(max-width: 760px) 100vw, 25rem"}
    assert ("sizes" in picture.img.attrs, "srcset" in picture.img.attrs) == (False, False)


def test_an_image_that_comes_in_several_widths_of_one_format_says_how_wide_it_is_shown(client, city, site):
    page = story(city, site, cover=photograph(), made=["webp"])
    image = soup(client, page.url).select_one(".story-top .pic img")
    assert (image["sizes"], image["srcset"].count("w, ")) == ("(max-width: 760px) 100vw, 25rem", 1)


def test_the_first_picture_of_a_page_comes_at_once_and_the_others_when_they_are_near(client, city, site):
    image = photograph()
    page = story(city, site, cover=image, portrait=image, portrait_alt="丁示例代表工作照", made=["webp"])
    first, second = soup(client, page.url).select(".story-top img")
    assert (first.get("fetchpriority"), first.get("loading"), first["alt"]) == ("high", None, "")
    assert (second.get("fetchpriority"), second["loading"], second["alt"]) == (
        None,
        "lazy",
        "丁示例代表工作照",
    )


def test_a_portrait_is_eleven_by_thirteen_and_says_who_it_is(client, city, site):
    story(city, site, cover=photograph(), made=["webp"])
    story(city, site, "田示范", portrait=photograph("b.jpg", description="田示范代表在田头"), made=["webp"])
    story(city, site, "王样本", cover=photograph("c.jpg"), made=["webp"])
    image = soup(client, "/daibiao/").select_one(".story-rows .ph img")
    assert (image["alt"], image["width"], image["height"]) == ("田示范代表在田头", "264", "312")


@pytest.mark.parametrize("address", ["/", "/daibiao/", "story", "notice", "/kejian/", "courseware"])
def test_looking_makes_no_rendition(client, city, site, address):
    image = photograph()
    pages = {
        "story": story(city, site, cover=image, portrait=image),
        "notice": notice(site, image),
        "courseware": courseware(site, cover=image),
    }
    soup(client, pages[address].url if address in pages else address)
    assert Rendition.objects.count() == 0


def test_where_nothing_is_made_a_glaze_and_a_monogram_stand_in(client, city, site):
    image = photograph()
    page = story(city, site, cover=image, portrait=image)
    top = soup(client, page.url).select_one(".story-top .pic")
    glaze = GLAZES[page.pk % len(GLAZES)]
    assert top.select_one("img")["src"] == f"/static/portal/img/glaze-{glaze}.webp"
    assert top.select_one(".inset .mono").get_text() == "丁"


def test_a_story_without_any_picture_has_the_glaze_that_its_key_chooses(client, city, site):
    page = story(city, site)
    cover = soup(client, "/daibiao/").select_one(".feat-main .pic img")
    assert cover["src"] == f"/static/portal/img/glaze-{GLAZES[page.pk % 8]}.webp"
    assert (cover["alt"], cover["width"], cover["height"]) == ("", "640", "800")


def test_courseware_without_a_cover_is_a_plate_of_its_glaze_with_the_title(client, site):
    page = courseware(site, title="三层倾听")
    plate = soup(client, "/kejian/").select_one(".thumb .sl")
    assert (plate["class"], plate.b.get_text()) == (["sl", "half", f"bg-{GLAZES[page.pk % 8]}"], "三层倾听")


def test_the_nearest_picture_stands_in_for_a_missing_one(client, city, site):
    image = photograph()
    page = story(city, site, cover=image)
    making._make_of(image, [USES["card"].spec(400, "webp")])
    shown = soup(client, page.url).select_one(".story-top .pic picture")
    assert (shown("source"), "fill-400x225" in shown.img["src"], shown.img["width"]) == ([], True, "400")


def test_another_focal_point_shows_the_old_crop_until_the_new_one_is_made(client, city, site, commits):
    image = photograph()
    page = story(city, site, cover=image, made=["webp"])
    before = soup(client, page.url).select_one(".story-top .pic img")["src"]
    get_image_model().objects.filter(pk=image.pk).update(
        focal_point_x=100, focal_point_y=100, focal_point_width=50, focal_point_height=50
    )
    assert soup(client, page.url).select_one(".story-top .pic img")["src"] == before
    with commits():
        assert make_for_image(image=get_image_model().objects.get(), kinds=["webp"]) == 2
    assert soup(client, page.url).select_one(".story-top .pic img")["src"] != before


def test_a_small_picture_repeats_no_width(client, site):
    page = notice(site, photograph(size=(500, 300)), made=FORMATS)
    picture = soup(client, page.url).select_one(".prose figure picture")
    assert [(one["type"], one["srcset"].count("/media/")) for one in picture("source")] == [
        ("image/avif", 1), ("image/webp", 1),
    ]  # fmt: skip
    assert (picture.img["src"][-4:], picture.img["width"], picture.img["height"]) == (".jpg", "500", "300")


def test_a_picture_in_a_text_is_not_cropped_and_falls_back_on_the_words_of_the_library(client, site):
    image = photograph(size=(800, 1200), description="接待室的门")
    page = notice(site, image, made=["webp"])
    page.body = [("picture", {"image": image, "caption": "门", "alt": ""})]
    page.save()
    shown = soup(client, page.url).select_one(".prose figure")
    assert (shown.img["alt"], shown.img["width"], shown.img["height"]) == ("接待室的门", "800", "1200")


def test_a_picture_that_was_deleted_leaves_the_page_standing(client, site):
    image = photograph()
    page = notice(site, image)
    image.delete()
    shown = soup(client, page.url).select_one(".prose figure img")
    assert shown["src"].startswith("/static/portal/img/glaze-")


@pytest.mark.parametrize("number", [1, 3])
def test_a_text_takes_the_same_queries_with_more_pictures(client, site, number, django_assert_num_queries):
    page = notice(site, *(photograph(f"{n}.jpg", colour=(n * 9, 0, 0)) for n in range(number)), made=["webp"])
    client.get("/tongzhi/")
    with django_assert_num_queries(5):
        client.get(page.url)


@pytest.mark.parametrize("number", [1, 3])
def test_the_home_page_takes_the_same_queries_with_more_pictures(
    client, city, site, number, django_assert_num_queries
):
    for name in ("丁示例", "田示范", "王样本")[:number]:
        image = photograph()
        story(city, site, name, cover=image, portrait=image, made=["webp"])
    client.get("/tongzhi/")
    with django_assert_num_queries(14):
        client.get("/")


def test_every_use_asks_for_jpeg_once_and_for_the_others_in_each_width():
    assert {name: len(specs_of(name)) for name in USES} == dict.fromkeys(USES, 5)


def test_a_use_needs_no_two_renditions_that_are_the_same_picture(db):
    assert specs_needed(photograph(size=(300, 400)), "cover", ("webp", "jpeg")) == [
        "fill-400x500-c30|format-webp", "fill-400x500-c30|format-jpeg",
    ]  # fmt: skip


def test_the_glaze_of_who_has_no_picture_comes_from_the_cover_set_of_the_site(site):
    SiteTheme.objects.create(site=site["home"].get_site(), cover_set="quiet")
    identity = CongressSettings.for_site(Site.objects.get())
    shown = Template("{% load picture_tags %}{% glaze 0 %} {% glaze 1 %} {% glaze 2 %}")
    assert shown.render(Context({"site": identity})) == "moon sky moon"
