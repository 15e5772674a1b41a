"""The drawn portraits and covers: the same call gives the same bytes, and no two people look alike."""

from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat

from stations.demo.portraits import draw_portrait, draw_scene
from stations.demo.scenes import SUBJECTS
from stations.demo.seed import picture

SEEDS = range(1, 25)
LEAST_DIFFERENCE = 6.0  # mean of 255 steps over a thumbnail; the nearest pair seen had 9.4


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def thumbnail(data: bytes) -> Image.Image:
    return opened(data).convert("RGB").resize((44, 52), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


@pytest.mark.parametrize(("sex", "elder"), [("男", False), ("男", True), ("女", False), ("女", True)])
def test_the_same_seed_draws_the_same_bytes(sex, elder):
    assert draw_portrait(12, sex=sex, elder=elder) == draw_portrait(12, sex=sex, elder=elder)


def test_a_portrait_is_a_webp_of_eleven_by_thirteen_without_metadata():
    picture = opened(draw_portrait(3, sex="男", elder=False))
    assert (picture.format, picture.size, picture.mode) == ("WEBP", (880, 1040), "RGB")
    assert dict(picture.getexif()) == {}
    assert [key for key in ("exif", "xmp", "icc_profile") if picture.info.get(key)] == []


def test_a_portrait_has_the_size_that_is_asked_for():
    assert opened(draw_portrait(3, sex="女", elder=True, size=(440, 520))).size == (440, 520)


@pytest.mark.parametrize("sex", ["男", "女"])
def test_twenty_four_seeds_show_twenty_four_people(sex):
    drawn = [thumbnail(draw_portrait(seed, sex=sex, elder=seed % 4 == 0, size=(220, 260))) for seed in SEEDS]
    alike = [
        (SEEDS[i], SEEDS[j])
        for i, j in combinations(range(len(drawn)), 2)
        if difference(drawn[i], drawn[j]) < LEAST_DIFFERENCE
    ]
    assert alike == []


def test_age_and_sex_change_the_picture_of_one_seed():
    kinds = [("男", False), ("男", True), ("女", False), ("女", True)]
    assert len({draw_portrait(9, sex=sex, elder=elder) for sex, elder in kinds}) == 4


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_hair_of_an_elder_is_grey_and_that_of_the_young_is_dark(seed):
    crown = (400, 156, 480, 176)
    young, old = (opened(draw_portrait(seed, sex="女", elder=elder)).crop(crown) for elder in (False, True))
    lightness = [ImageStat.Stat(picture.convert("L")).mean[0] for picture in (young, old)]
    assert (lightness[0] < 80, lightness[1] > 100) == (True, True)


def test_an_unknown_sex_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="性别应为男或女：x"):
        draw_portrait(1, sex="x", elder=False)


def test_there_is_a_cover_for_each_of_the_ten_subjects():
    assert sorted(SUBJECTS) == [
        "field",
        "hall",
        "herbs",
        "kiln",
        "noodles",
        "road",
        "school",
        "street",
        "water",
        "workshop",
    ]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_cover_is_sized_and_repeats_to_the_byte(subject):
    small = (400, 250)
    first = draw_scene(5, subject=subject, size=small)
    assert (opened(first).format, opened(first).size) == ("WEBP", small)
    assert draw_scene(5, subject=subject, size=small) == first
    assert draw_scene(6, subject=subject, size=small) != first


def test_a_cover_is_1600_by_1000_unless_another_size_is_asked_for():
    assert opened(draw_scene(5, subject="kiln")).size == (1600, 1000)


def test_an_unknown_subject_is_refused():
    with pytest.raises(KeyError):
        draw_scene(1, subject="sea")


def test_a_picture_is_stored_and_its_pixels_are_read_once(db, monkeypatch):
    data = draw_scene(1, subject="kiln", size=(320, 200))
    read = []
    monkeypatch.setattr("PIL.WebPImagePlugin.WebPImageFile.load", lambda image: read.append(image.size))
    stored = picture(data, "示例插画")
    (row,) = type(stored).objects.values_list("title", "width", "height")
    assert (row, read) == (("示例插画", 320, 200), [(320, 200)])
    with stored.file.storage.open(stored.file.name) as kept:
        assert kept.read() == data
