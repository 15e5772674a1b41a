"""Addresses of new pages: readable pinyin, one of a kind, at most 60 characters, never changed by themselves."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import NoticePage
from portal.slugs import free_slug, spelled
from stations.operations import open_account


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("关于做好自评工作的通知", "guan-yu-zuo-hao-zi-ping-gong-zuo-de-tong-zhi"),
        ("2026 年工作要点", "2026-nian-gong-zuo-yao-dian"),
        ("守着窑火，|也守着乡亲的事", "shou-zhe-yao-huo-ye-shou-zhe-xiang-qin-de-shi"),
        ("ＡＢ类１２项", "ab-lei-12-xiang"),
        ("绿色 Wagtail 8.0 说明", "lv-se-wagtail-8-0-shuo-ming"),
        ("丁", "ding"),
        ("𠮷·😀！", ""),
        ("", ""),
    ],
)
def test_a_title_is_spelled_in_pinyin(title, slug):
    assert spelled(title) == slug


def test_a_long_title_is_cut_between_syllables():
    slug = spelled("关于" * 100)
    assert (len(slug) <= 60, slug.endswith(("guan", "yu"))) == (True, True)


def test_one_endless_word_is_cut_all_the_same():
    assert spelled("a" * 300) == "a" * 60


def test_a_second_page_of_one_title_counts_on_and_stays_short():
    known = {spelled("关于" * 100), "ye", "ye-2"}
    assert free_slug("关于" * 100, known.__contains__)[-2:] == "-2"
    assert len(free_slug("关于" * 100, known.__contains__)) <= 60
    assert free_slug("😀", known.__contains__) == "ye-3"


def added(parent, **more):
    return parent.add_child(instance=NoticePage(date="2026-06-01", **more))


def test_a_page_without_an_address_gets_one_published_or_not(site):
    pages = [added(site["tongzhi"], title="关于自评", live=live) for live in (True, False, True)]
    assert [page.slug for page in pages] == ["guan-yu-zi-ping", "guan-yu-zi-ping-2", "guan-yu-zi-ping-3"]


def test_a_chinese_address_of_a_new_page_is_spelled_and_a_plain_one_is_kept(site):
    pages = [added(site["tongzhi"], title="甲", slug=slug) for slug in ("工作要点", "my-own")]
    assert [page.slug for page in pages] == ["gong-zuo-yao-dian", "my-own"]


def test_a_new_title_leaves_the_address_as_it_is(site):
    page = added(site["tongzhi"], title="旧的题目")
    page.title = "新的题目"
    page.save_revision().publish()
    page.refresh_from_db()
    assert (page.title, page.slug) == ("新的题目", "jiu-de-ti-mu")


def test_an_address_of_long_ago_is_not_touched(site):
    page = added(site["tongzhi"], title="旧的题目")
    NoticePage.objects.filter(pk=page.pk).update(slug="旧地址")
    page.refresh_from_db()
    page.title = "新的题目"
    page.save()
    assert page.slug == "旧地址"


# --- in the admin -----------------------------------------------------------------------------------------------


@pytest.fixture
def editor(db):
    user = open_account(username="editor1", display_name="编辑", actor=None)
    user.is_superuser = user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


def form(**more):
    """Return what the page editor posts for a notice."""
    return {
        "title": "关于自评的通知", "slug": "", "date": "2026-06-01", "source": "", "editor": "", "summary": "",
        "seo_title": "", "search_description": "", "body-count": "0", "comment_notifications": "",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "", **more,
    }  # fmt: skip


def create(editor, site, **more):
    address = reverse("wagtailadmin_pages:add", args=["portal", "noticepage", site["tongzhi"].pk])
    return editor.post(address, form(**more))


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ({"slug": ""}, "guan-yu-zi-ping-de-tong-zhi"),
        ({"slug": "", "action-publish": "1"}, "guan-yu-zi-ping-de-tong-zhi"),
        ({"slug": "zi-ping-2026"}, "zi-ping-2026"),
        ({"slug": "自评"}, "zi-ping"),
    ],
)
def test_the_editor_may_leave_the_address_empty_or_write_their_own(editor, site, typed, slug):
    answer = create(editor, site, **typed)
    assert (answer.status_code, NoticePage.objects.get().slug) == (302, slug)


def test_an_emptied_address_of_a_page_stays_what_it_was(editor, site):
    page = added(site["tongzhi"], title="旧的题目")
    answer = editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form(title="新的题目", slug="", **{"action-publish": "1"}),
    )
    page.refresh_from_db()
    assert (answer.status_code, page.title, page.slug) == (302, "新的题目", "jiu-de-ti-mu")


def test_an_address_that_a_neighbour_has_is_told(editor, site):
    added(site["tongzhi"], title="甲", slug="taken")
    answer = create(editor, site, slug="taken")
    assert (answer.status_code, "slug" in answer.context["form"].errors) == (200, True)


def test_without_a_title_the_form_asks_for_it_and_loses_nothing(editor, site):
    answer = create(editor, site, title="", source="代工委")
    assert (answer.status_code, list(answer.context["form"].errors), 'value="代工委"' in answer.content.decode()) == (
        200, ["title"], True,
    )  # fmt: skip


def test_the_browser_takes_no_part_of_a_chinese_title(editor, site):
    page = editor.get(reverse("wagtailadmin_pages:add", args=["portal", "noticepage", site["tongzhi"].pk]))
    field = page.context["form"]["slug"]
    assert "data-w-slug-formatters-value" in str(field)
    assert "留空时按标题的拼音自动生成" in page.content.decode()
