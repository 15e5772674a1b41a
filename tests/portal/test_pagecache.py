"""The page cache gives out only what everybody may see, and nothing old (THREATS 1–4)."""

import gzip
import subprocess
import sys

import pytest
from wagtail.models import PageViewRestriction

from portal import generation
from portal.models import ArticlePage, CongressSettings, NoticePage
from portal.pagecache import forget_pages


@pytest.fixture
def notice(site):
    page = NoticePage(title="示例通知", slug="n1", date="2026-06-01")
    return site["tongzhi"].add_child(instance=page)


def get(client, path="/tongzhi/n1/", **extra):
    return client.get(path, **extra)


def test_an_anonymous_page_is_stored_and_given_again(client, notice):
    first, second = get(client), get(client)
    assert (first["X-Cache"], second["X-Cache"], first.content) == ("miss", "hit", second.content)


def test_a_signed_in_page_is_neither_stored_nor_given_from_the_store(client, notice, city):
    client.force_login(city.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    staff = get(client)
    client.logout()
    client.cookies.clear()
    anonymous = get(client)
    assert ("X-Cache" in staff, anonymous["X-Cache"]) == (False, "miss")
    assert (b"wagtail-userbar" in staff.content, b"wagtail-userbar" in anonymous.content) == (True, False)


def test_anonymous_first_then_signed_in_shows_each_their_own(client, notice, city):
    anonymous = get(client)
    client.force_login(city.office, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert get(client).content != anonymous.content


def test_unknown_parameters_are_neither_stored_nor_given(client, notice):
    get(client)
    answer = get(client, "/tongzhi/n1/?cb=1")
    assert ("X-Cache" in answer, answer.status_code) == (False, 200)


def test_a_page_that_sets_a_cookie_is_not_stored(client, db):
    assert "X-Cache" not in client.get("/accounts/login/")


def test_large_text_is_stored_apart(client, notice):
    get(client)
    client.cookies["text"] = "large"
    large = get(client)
    assert (large["X-Cache"], b'data-text="large"' in large.content) == ("miss", True)


def test_an_unknown_display_cookie_does_not_make_a_new_entry(client, notice):
    get(client)
    client.cookies["text"] = "gigantic"
    assert get(client)["X-Cache"] == "hit"


def test_publishing_drops_every_stored_page(client, notice, commits):
    get(client)
    with commits():
        notice.title = "改过的通知"
        notice.save_revision().publish()
    again = get(client)
    assert (again["X-Cache"], "改过的通知" in again.content.decode()) == ("miss", True)


def test_unpublishing_takes_the_page_away_at_once(client, notice, commits):
    get(client)
    with commits():
        notice.unpublish()
    assert get(client).status_code == 404


def test_saving_the_identity_drops_every_stored_page(client, notice, commits):
    get(client)
    with commits():
        identity = CongressSettings.for_site(notice.get_site())
        identity.site_name = "另一个站名"
        identity.save()
    assert "另一个站名" in get(client).content.decode()


def test_publishing_a_page_leaves_the_frame_around_all_pages_remembered(
    client, notice, commits, django_assert_num_queries
):
    get(client)
    with commits():
        notice.save_revision().publish()
    with django_assert_num_queries(3):  # the way to the page, the page, its tags; no site, settings, footer
        assert get(client)["X-Cache"] == "miss"


@pytest.mark.parametrize("change", ["rename", "unpublish", "restrict", "delete"])
def test_what_happens_to_a_page_of_the_footer_shows_at_once(client, site, notice, commits, change):
    about = site["home"].add_child(instance=ArticlePage(title="关于示例", slug="guanyu", show_in_menus=True))
    generation.advance()
    assert "关于示例" in get(client).content.decode()
    with commits():
        if change == "rename":
            about.title = "说明示例"
            about.save_revision().publish()
        elif change == "unpublish":
            about.unpublish()
        elif change == "restrict":
            PageViewRestriction.objects.create(page=about, restriction_type="login")
        else:
            about.delete()
    assert "关于示例" not in get(client).content.decode()


def test_what_was_rendered_while_something_changed_is_not_given(client, notice):
    """The generation of before the rendering is stored: a change in between makes the entry worthless."""
    get(client)
    generation.advance()
    assert get(client)["X-Cache"] == "miss"


def test_a_change_in_another_process_drops_the_stored_page_twenty_times(client, notice):
    """The worker and every web process see one generation (THREATS 2): each round another process changes something."""
    script = (
        "import sys; from portal import generation\n"
        "for _ in sys.stdin: generation.advance(); print('changed', flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        seen = []
        for _ in range(20):
            get(client)
            seen.append(get(client)["X-Cache"])
            other.stdin.write("\n")
            other.stdin.flush()
            assert other.stdout.readline() == "changed\n"
            seen.append(get(client)["X-Cache"])
        other.stdin.close()
    assert seen == ["hit", "miss"] * 20


def test_the_generation_moves_only_on_commit(db, django_capture_on_commit_callbacks):
    before = generation.current()
    with django_capture_on_commit_callbacks(execute=True):
        forget_pages()
        assert generation.current() == before
    assert generation.current() != before


def test_an_unknown_host_is_refused_before_any_page_is_looked_up(client, notice):
    assert get(client, HTTP_HOST="evil.example").status_code == 400


def test_a_forwarded_host_is_not_reflected(client, notice):
    answer = get(client, HTTP_X_FORWARDED_HOST="evil.example")
    assert b"evil.example" not in answer.content


def test_a_second_reader_with_the_etag_gets_304(client, notice):
    get(client)
    tag = get(client)["ETag"]
    assert get(client, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_compressed_answer_is_the_same_page(client, notice):
    get(client)
    plain, packed = get(client), get(client, HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(packed.content) == plain.content


def test_the_first_reader_gets_it_packed_too_and_the_stored_one_stays_whole(client, notice):
    first = get(client, HTTP_ACCEPT_ENCODING="gzip")
    plain = get(client)
    assert (first["X-Cache"], first["Content-Encoding"], plain["X-Cache"]) == ("miss", "gzip", "hit")
    assert (gzip.decompress(first.content), first["Content-Length"]) == (
        plain.content,
        str(len(first.content)),
    )
    assert ("Accept-Encoding" in first["Vary"], "Accept-Encoding" in plain["Vary"]) == (True, True)


def test_head_answers_like_get(client, notice):
    get(client)
    assert (client.head("/tongzhi/n1/").status_code, client.head("/tongzhi/n1/")["X-Cache"]) == (200, "hit")
