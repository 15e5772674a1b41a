"""The public library of courseware: the list with its filters, and one piece with its files."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection, CollectionViewRestriction

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


def test_theme_and_fine_ones_and_words_narrow_the_library(client, city, site):
    author = city.representative("王样本").representative
    courseware(site, title="甲", theme="撰写建议", author=author)
    courseware(site, title="乙", theme="联系群众", selected=True, guest_author="特邀专家")
    courseware(site, title="丙", theme="联系群众")
    answers = {
        name: titles(client.get("/kejian/", query))
        for name, query in {
            "theme": {"theme": "撰写建议"},
            "fine": {"kind": "selected"},
            "both": {"theme": "撰写建议", "kind": "selected"},
            "author": {"q": "王样"},
            "guest": {"q": "专家"},
            "nonsense": {"theme": "没有", "kind": "x", "page": "999"},
        }.items()
    }
    assert answers == {
        "theme": ["甲"],
        "fine": ["乙"],
        "both": [],
        "author": ["甲"],
        "guest": ["乙"],
        "nonsense": ["丙", "乙", "甲"],
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
    with django_assert_num_queries(10):
        client.get("/kejian/")


def test_a_piece_names_type_and_size_and_leads_to_the_document_view(client, city, site):
    author = city.representative("王样本").representative
    site["daibiao"].add_child(
        instance=ProfilePage(title="四十七趟", slug="wang", representative=author, date=START.date())
    )
    session = face(city, site, title="上一场")
    page = courseware(site, title="讲稿", extension="pptx", author=author, session=session)
    document = page.files.first().document
    html = client.get(page.url).content.decode()
    assert f'href="{document.url}" aria-label="下载 讲稿，PPTX，7' in html
    assert document.url.startswith("/documents/")
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
    answer = client.get(document.url)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")
