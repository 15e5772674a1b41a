"""The public library of courseware: the list with its filters, and one piece with its files."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import Collection, CollectionViewRestriction

from portal.pictures.uses import USES
from sessions.operations import count_download
from stations import operations as stations_operations
from stations.models import ProfilePage
from tests.conftest import START
from tests.sessions.faces import courseware, face


def titles(response):
    return [item.title for item in response.context["items"]]


def test_the_library_is_newest_first_and_counts_what_it_holds(client, site):
    courseware(site, title="旧的", day=date(2026, 1, 1))
    courseware(site, title="新的", day=date(2026, 5, 1), selected=True)
    courseware(site, title="草稿", live=False)
    response = client.get("/kejian/")
    assert titles(response) == ["新的", "旧的"]
    assert (response.context["total"], response.context["total_selected"]) == (2, 1)


def test_every_filter_and_words_narrow_the_library(client, city, site):
    author = city.representative("王样本").representative
    station = stations_operations.add_station(
        kind="liaison", name="示例联络站", area=city.township, actor=city.office
    )
    session = face(city, site, title="改窑记", station=station)
    courseware(site, title="甲", theme="撰写建议", author=author, session=session)
    courseware(site, title="乙", theme="联系群众", selected=True, guest_author="特邀专家")
    courseware(site, title="丙", theme="联系群众", kind="video", day=date(2026, 5, 31))
    answers = {
        name: titles(client.get("/kejian/", query))
        for name, query in {
            "theme": {"theme": "撰写建议"},
            "fine": {"kind": "selected"},
            "both": {"theme": "撰写建议", "kind": "selected"},
            "author": {"q": "王样"},
            "guest": {"q": "专家"},
            "kind": {"kind": "video"},
            "month": {"month": "2026-05"},
            "station": {"station": str(station.pk)},
            "session": {"q": "改窑"},
            "words": {"q": "改窑 王样"},
            "neither": {"q": "改窑 专家"},
            "nonsense": {"theme": "没有", "kind": "x", "month": "2026-13", "station": "a", "page": "999"},
        }.items()
    }
    assert answers == {
        "theme": ["甲"],
        "fine": ["乙"],
        "both": [],
        "author": ["甲"],
        "guest": ["乙"],
        "kind": ["丙"],
        "month": ["丙"],
        "station": ["甲"],
        "session": ["甲"],
        "words": ["甲"],
        "neither": [],
        "nonsense": ["乙", "甲", "丙"],
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "还没有课件"),
        ({"q": "<b>没有</b>"}, "没有找到“&lt;b&gt;没有&lt;/b&gt;”"),
        ({"kind": "selected"}, "没有符合条件的课件"),
    ],
)
def test_an_empty_library_says_why_and_what_to_do(client, site, query, words):
    assert words in client.get("/kejian/", query).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_library_takes_the_same_queries_at_any_length(
    client, city, site, number, django_assert_num_queries
):
    for index in range(number):
        author = city.representative(f"样本{index}").representative
        courseware(site, title=f"课件{index}", theme=f"主题{index}", author=author)
    client.get("/tongzhi/")
    with django_assert_num_queries(5):
        client.get("/kejian/")


def test_a_piece_names_type_and_size_and_leads_to_its_download(client, city, site):
    author = city.representative("王样本").representative
    site["daibiao"].add_child(
        instance=ProfilePage(title="四十七趟", slug="wang", representative=author, date=START.date())
    )
    session = face(city, site, title="上一场")
    page = courseware(site, title="讲稿", extension="pptx", author=author, session=session)
    html = client.get(page.url).content.decode()
    address = reverse("courseware_download", args=[page.files.first().pk])
    assert f'href="{address}" aria-label="下载 讲稿，PPTX，7' in html
    assert '<a href="/daibiao/wang/">王样本</a>' in html
    assert '">上一场</a>' in html


def test_a_file_for_some_readers_only_is_not_given_to_the_public(client, site):
    page = courseware(site, title="内部讲稿")
    closed = Collection.objects.get(depth=1).add_child(instance=Collection(name="代表学习"))
    restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="代表"))
    document = page.files.first().document
    document.collection = closed
    document.save()
    address = reverse("courseware_download", args=[page.files.first().pk])
    answers = [client.get(document.url), client.get(address)]
    assert [(answer.status_code, answer.url.split("?")[0]) for answer in answers] == [
        (302, address),
        (302, "/accounts/login/"),
    ]
    assert "代表登录后下载" in client.get(page.url).content.decode()


def test_the_chips_count_the_whole_library_and_offer_only_what_there_is(client, city, site):
    courseware(site, title="甲", kind="video", theme="联系群众", selected=True)
    courseware(site, title="乙", theme="联系群众", day=date(2026, 5, 1))
    shown = client.get("/kejian/", {"kind": "video"}).context
    assert (shown["kinds"], shown["total"], shown["total_selected"], shown["months"], shown["stations"]) == (
        [("slides", "演示文稿", 1), ("video", "视频", 1)], 2, 1, ["2026-06", "2026-05"], [],
    )  # fmt: skip
    assert shown["items"].paginator.count == 1


def test_the_most_downloaded_come_first_when_asked(client, site):
    pages = [courseware(site, title=title, day=date(2026, 6, day)) for day, title in enumerate("甲乙丙", 1)]
    for page, times in zip(pages, (1, 3, 0), strict=True):
        for _ in range(times):
            count_download(page_id=page.pk, document_id=page.files.get().document_id)
    answer = client.get("/kejian/", {"sort": "downloads"})
    assert titles(answer) == ["乙", "甲", "丙"]
    assert "下载 3</span>" in answer.content.decode()


def test_a_second_page_keeps_what_was_asked(client, site):
    for number in range(13):
        courseware(site, title=f"课件{number}", theme="联系群众")
    answer = client.get("/kejian/", {"theme": "联系群众", "page": "2"})
    assert (titles(answer), answer.context["items"].paginator.count) == (["课件0"], 13)
    assert 'href="?theme=%E8%81%94%E7%B3%BB%E7%BE%A4%E4%BC%97&amp;page=1"' in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_covers_take_two_queries_more_however_many(client, city, site, number, django_assert_num_queries):
    for index in range(number):
        cover = get_image_model().objects.create(title="封面", file=picture_file(f"{index}.png"))
        spec = USES["card"].spec(400, "webp")
        key = Filter(spec=spec).get_cache_key(cover)
        cover.renditions.create(
            filter_spec=spec, focal_point_key=key, width=32, height=18, file=picture_file("r.png")
        )
        courseware(site, title=f"课件{index}", cover=cover)
    client.get("/tongzhi/")
    with django_assert_num_queries(7):
        client.get("/kejian/")


def picture_file(name):
    out = io.BytesIO()
    Image.new("RGB", (32, 18), "red").save(out, "PNG")
    return ContentFile(out.getvalue(), name)
