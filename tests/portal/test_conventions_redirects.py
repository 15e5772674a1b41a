"""A page that is renamed or moved answers at its old address with the way to the new one: once, on our own host."""

import pytest
from wagtail.contrib.redirects.models import Redirect

from portal.models import NoticePage
from stations.models import DirectoryPage


@pytest.fixture
def notice(site):
    return site["tongzhi"].add_child(instance=NoticePage(title="示例", slug="n1", date="2026-06-01"))


def rename(commits, page, slug):
    with commits():
        page.refresh_from_db()
        page.slug = slug
        page.save_revision().publish()


def led(client, address, **extra):
    """Return (status, where it leads) of one request."""
    answer = client.get(address, **extra)
    return answer.status_code, answer.get("Location", "")


def test_the_old_address_of_a_renamed_page_leads_to_the_new_one_at_once(client, notice, commits):
    assert [client.get("/tongzhi/n1/")["X-Cache"] for _ in range(2)] == ["miss", "hit"]
    rename(commits, notice, "n2")
    assert (led(client, "/tongzhi/n1/"), led(client, "/tongzhi/n2/")[0]) == ((301, "/tongzhi/n2/"), 200)


def test_a_new_address_that_was_missing_a_moment_ago_is_found_at_once(client, notice, commits):
    assert [client.get("/tongzhi/n2/").status_code for _ in range(2)] == [404, 404]
    rename(commits, notice, "n2")
    assert client.get("/tongzhi/n2/").status_code == 200


def test_after_several_new_names_every_old_one_leads_there_in_one_step(client, notice, commits):
    for slug in ("n2", "n3", "n4"):
        rename(commits, notice, slug)
    assert [led(client, f"/tongzhi/{slug}/") for slug in ("n1", "n2", "n3")] == [(301, "/tongzhi/n4/")] * 3


def test_a_page_that_gets_its_old_name_back_leads_in_no_circle(client, notice, commits):
    rename(commits, notice, "n2")
    rename(commits, notice, "n1")
    assert (led(client, "/tongzhi/n1/")[0], led(client, "/tongzhi/n2/")) == (200, (301, "/tongzhi/n1/"))


def test_the_pages_below_a_renamed_one_lead_on_too(client, site, notice, commits):
    rename(commits, site["tongzhi"], "gonggao")
    assert [led(client, address) for address in ("/tongzhi/", "/tongzhi/n1/")] == [
        (301, "/gonggao/"),
        (301, "/gonggao/n1/"),
    ]


def test_a_page_that_moves_with_those_below_it_leads_on(client, site, notice, commits):
    with commits():
        site["tongzhi"].move(site["kejian"], pos="last-child")
    seen = [led(client, address) for address in ("/tongzhi/", "/tongzhi/n1/")]
    assert seen == [(301, "/kejian/tongzhi/"), (301, "/kejian/tongzhi/n1/")]
    assert client.get("/kejian/tongzhi/n1/").status_code == 200


def test_what_was_stored_below_a_moved_page_is_not_given_any_more(client, site, commits):
    client.get("/daibiao/minglu/")
    assert client.get("/daibiao/minglu/")["X-Cache"] == "hit"
    with commits():
        DirectoryPage.objects.get().move(site["kejian"], pos="last-child")
    assert led(client, "/daibiao/minglu/") == (301, "/kejian/minglu/")


def test_another_order_of_the_same_pages_makes_no_redirect(site, notice, commits):
    second = site["tongzhi"].add_child(instance=NoticePage(title="二", slug="n9", date="2026-06-01"))
    with commits():
        second.move(notice, pos="left")
    assert Redirect.objects.count() == 0


def test_no_redirect_leaves_our_host_whatever_the_request_says(client, notice, commits):
    rename(commits, notice, "n2")
    assert led(client, "/tongzhi/n1/", HTTP_X_FORWARDED_HOST="evil.example") == (301, "/tongzhi/n2/")
    assert led(client, "/tongzhi/n1/?next=https://evil.example/") == (301, "/tongzhi/n2/")
    assert client.get("/tongzhi/n1/", HTTP_HOST="evil.example").status_code == 400


def test_a_new_page_at_an_old_address_is_shown_itself(client, site, notice, commits):
    rename(commits, notice, "n2")
    with commits():
        site["tongzhi"].add_child(instance=NoticePage(title="新的一篇", slug="n1", date="2026-06-02"))
    answer = client.get("/tongzhi/n1/")
    assert (answer.status_code, "新的一篇" in answer.content.decode()) == (200, True)
