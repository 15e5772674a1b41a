"""Downloads are counted once a day for each visitor and never by whom; the award is a step of the staff."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import PageLogEntry

from sessions.models import CoursewareFile, CoursewarePage, DownloadCount
from sessions.operations import CoursewareRefused, count_download, select_courseware, shelve_courseware
from tests.conftest import START
from tests.sessions.faces import courseware


@pytest.fixture
def page(site):
    return courseware(site, title="讲稿")


def fetch(client, page, *, method="get", **more):
    address = reverse("courseware_download", args=[page.files.first().pk])
    answer = getattr(client, method)(address, **more)
    b"".join(answer)
    return answer


def counted():
    return sum(DownloadCount.objects.values_list("downloads", flat=True))


def test_a_visitor_counts_once_a_day_and_every_other_visitor_too(page):
    one, other = Client(), Client()
    with time_machine.travel(START, tick=False) as now:
        for client in (one, one, other, one):
            fetch(client, page)
        assert counted() == 2
        now.move_to(START + timedelta(days=1))
        fetch(one, page)
    assert counted() == 3


def test_two_files_of_one_page_count_each(client, page):
    document = get_document_model().objects.create(title="附表", file=page.files.get().document.file.name)
    CoursewareFile.objects.create(page=page, document=document, sort_order=1)
    for file in CoursewareFile.objects.all():
        b"".join(client.get(reverse("courseware_download", args=[file.pk])))
    assert list(DownloadCount.objects.values_list("downloads", flat=True)) == [1, 1]


def test_looking_ahead_and_heads_and_who_is_turned_away_count_nothing(client, site, page):
    fetch(client, page, method="head")
    fetch(client, page, headers={"sec-purpose": "prefetch"})
    closed = courseware(site, access="representatives")
    client.get(reverse("courseware_download", args=[closed.files.get().pk]))
    assert counted() == 0


def test_what_the_cookie_holds_goes_to_the_downloads_alone_and_names_nobody(client, page):
    with time_machine.travel(START, tick=False):
        cookie = fetch(client, page).cookies["kejian"]
    assert (cookie.value, cookie["path"], cookie["httponly"], cookie["max-age"]) == (
        f"20260618.{page.files.get().pk}", "/kejian/xz/", True, 34_200,
    )  # fmt: skip
    assert sorted(field.name for field in DownloadCount._meta.fields) == [
        "document",
        "downloads",
        "id",
        "page",
    ]


@pytest.mark.parametrize("value", ["", "x", "20260618", "20260618.", "20260618.a-b-", "." * 4000])
def test_a_cookie_of_nonsense_counts_as_none(client, page, value):
    client.cookies["kejian"] = value
    assert (fetch(client, page).status_code, counted()) == (200, 1)


def test_the_numbers_stand_on_page_and_list_and_survive_publishing_an_older_text(client, page):
    page.save_revision()
    fetch(client, page)
    page.get_latest_revision().publish()
    shown = [client.get(address).content.decode() for address in (page.url, "/kejian/")]
    assert ("已下载 1 次" in shown[0], "下载 1</span>" in shown[1]) == (True, True)


def test_a_download_drops_no_stored_page(client, page):
    client.get("/kejian/")
    fetch(client, page)
    assert client.get("/kejian/")["X-Cache"] == "hit"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_downloads_at_once_are_all_counted(site):
    """With a read and a save instead of F() PostgreSQL lost some: seen. SQLite takes one transaction after the other."""
    page = courseware(site)
    document = page.files.get().document_id

    def take():
        count_download(page_id=page.pk, document_id=document)
        connection.close()

    threads = [Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(DownloadCount.objects.values_list("downloads", flat=True)) == [20]


# --- the award ----------------------------------------------------------------------------------------------


def test_the_award_shows_on_page_and_list_and_leaves_one_line(client, city, page, commits):
    client.get("/kejian/")
    with commits():
        done = [select_courseware(page=page, selected=True, actor=city.office) for _ in range(2)]
    shown = [client.get(address).content.decode() for address in (page.url, "/kejian/?kind=selected")]
    assert (done, [text.count('class="stamp">优秀课件') for text in shown]) == ([True, False], [1, 1])
    lines = PageLogEntry.objects.filter(action="sharing.select_courseware")
    assert [(line.user, line.data) for line in lines] == [(city.office, {"selected": True})]


def test_the_award_is_no_editors_text_and_survives_publishing(city, page):
    page.save_revision()
    select_courseware(page=page, selected=True, actor=city.office)
    CoursewarePage.objects.get().get_latest_revision().publish()
    assert CoursewarePage.objects.get().selected is True


def test_a_draft_and_ones_own_courseware_are_not_awarded(city, site):
    author = city.representative().representative
    own, draft = courseware(site, author=author), courseware(site, live=False)
    with pytest.raises(CoursewareRefused, match="请由其他同事评选"):
        select_courseware(page=own, selected=True, actor=author.user)
    with pytest.raises(CoursewareRefused, match="还没有发布"):
        select_courseware(page=draft, selected=True, actor=city.office)
    assert CoursewarePage.objects.filter(selected=True).count() == 0


def test_the_office_awards_in_the_admin_and_takes_it_back_and_looking_changes_nothing(client, city, page):
    client.force_login(city.office)
    address = reverse("select_courseware", args=[page.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    seen = []
    for method in ("get", "post", "get", "post"):
        answer = getattr(client, method)(address)
        seen.append((answer.status_code, CoursewarePage.objects.get().selected))
    assert seen == [(200, False), (302, True), (200, True), (302, False)]


def test_a_refused_award_is_said_above_the_form(client, city, site):
    draft = courseware(site, live=False)
    client.force_login(city.office)
    answer = client.post(reverse("select_courseware", args=[draft.pk]))
    assert (answer.status_code, "这份课件还没有发布。" in answer.content.decode()) == (200, True)


def test_the_award_is_no_field_of_the_editors_form(client, city, page):
    client.force_login(city.office)
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    assert ("selected" in form.fields, "access" in form.fields, "kind" in form.fields) == (False, True, True)


def test_who_publishes_a_known_file_is_pointed_to_the_first(client, city, site):
    author = city.representative("王样本").representative
    first = courseware(site, title="第一份", author=author)
    shelve_courseware(page=first, actor=None)
    again = courseware(site, title="第二份", live=False)
    client.force_login(city.office)
    address = reverse("wagtailadmin_pages:edit", args=[again.pk])
    answer = client.post(address, published_form(again), follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert CoursewarePage.objects.get(pk=again.pk).live is True
    link = (
        f'<a href="{reverse("wagtailadmin_pages:edit", args=[first.pk])}">“第一份”</a>（王样本，2026-06-01）'
    )
    assert [link in each for each in told].count(True) == 1


def published_form(page):
    """Return what the editor's browser sends to publish `page` unchanged."""
    file = page.files.get()
    return {
        "title": page.title, "slug": page.slug, "date": "2026-06-01", "kind": "slides", "access": "public",
        "action-publish": "1", "files-TOTAL_FORMS": "1", "files-INITIAL_FORMS": "1", "files-MIN_NUM_FORMS": "1",
        "files-MAX_NUM_FORMS": "1000", "files-0-id": file.pk, "files-0-document": file.document_id,
        "files-0-ORDER": "1", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
