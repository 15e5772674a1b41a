"""The index behind the search: kept by both databases, kept up to date on publishing, asked by Wagtail's admin as well."""

import contextlib
import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from modelsearch.query import And, Not, Or, Phrase, PlainText
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.models import NoticePage
from portal.search.indexing import entry_of, plain
from stations.models import Representative
from stations.operations import add_mandate, change_representative, end_mandate
from tests.searched import index
from tests.sessions.test_courseware_examining import jpeg

LIVE = {"default": {"BACKEND": "portal.search"}}


@pytest.fixture
def notices(site):
    def publish(title, text="", **more):
        slug = f"n{NoticePage.objects.count()}"
        body = [("paragraph", f"<p>{text}</p>")] if text else []
        page = NoticePage(title=title, slug=slug, date="2026-06-01", body=body, **more)
        return site["tongzhi"].add_child(instance=page)

    return publish


def titles(results):
    return [page.title for page in results]


def entries():
    return get_app_config().get_model("IndexEntry").objects.all()


# --- what is kept -------------------------------------------------------------------------------------------


def test_fields_with_a_boost_are_the_title_and_forced_breaks_are_no_text(notices):
    entry = entry_of(notices("石桥|镇", "接待", summary="提要"))
    assert (entry.title, entry.autocomplete) == (["石桥", "桥镇", "镇"], ["石桥", "桥镇", "镇"])
    assert entry.body == ["提要", "要", "接待", "待"]


def test_a_value_without_words_leaves_none():
    assert [plain(value) for value in (None, "", [], {}, 7, ["a", None, {"b": "c"}])] == [
        "",
        "",
        "",
        "",
        "7",
        "a  c",
    ]


def test_an_entry_is_written_over_and_gone_with_its_page(notices):
    page = notices("原来的题目")
    index()
    page.title = "后来的题目"
    page.save()
    call_command("update_index", verbosity=0)
    call_command("update_index", verbosity=0)
    assert entries().filter(object_id=str(page.pk)).count() == 1
    assert (titles(Page.objects.search("原来")), titles(Page.objects.search("后来"))) == ([], ["后来的题目"])
    page.delete()
    assert entries().filter(object_id=str(page.pk)).count() == 0


def test_what_leaves_the_objects_to_be_indexed_leaves_the_index_when_it_is_built(city, site):
    from sessions.operations import decline_ideas
    from tests.conftest import START
    from tests.sessions.voiced import idea

    made = idea(city, city.representative(), title="示例点子")
    index()
    before = entries().filter(content_type__model="idea").count()
    decline_ideas(ideas=[made], reason="不公开", moment=START, actor=city.office)
    call_command("update_index", verbosity=0)
    assert (before, entries().filter(content_type__model="idea").count()) == (1, 0)


def test_publishing_and_unpublishing_keep_the_index_up_to_date(client, notices, settings, commits):
    settings.WAGTAILSEARCH_BACKENDS = LIVE
    with commits():
        page = notices("窑火公告", live=False)
    assert b"\xe7\xaa\x91\xe7\x81\xab" not in client.get("/sousuo/?q=公告").content
    with commits():
        page.save_revision().publish()
    shown = client.get("/sousuo/?q=公告")
    assert [row.hit.title for row in shown.context["rows"]] == ["窑火公告"]
    with commits():
        page.refresh_from_db()
        page.title = "别的题目"
        page.save_revision().publish()
    assert [row.hit.title for row in client.get("/sousuo/?q=别的题").context["rows"]] == ["别的题目"]


def test_a_result_page_stored_before_the_index_knew_is_dropped_when_it_does(
    client, notices, settings, commits
):
    """A worker may index a page seconds after it was published; what was stored in between knew nothing of it."""
    page = notices("窑火公告")
    client.get("/sousuo/?q=公告")
    assert client.get("/sousuo/?q=公告")["X-Cache"] == "hit"
    with commits():
        get_search_backend().add(page)
    answer = client.get("/sousuo/?q=公告")
    assert (answer["X-Cache"], [row.hit.title for row in answer.context["rows"]]) == ("miss", ["窑火公告"])


def test_a_new_name_unit_or_mandate_is_indexed_after_the_change(city, site, settings, commits):
    settings.WAGTAILSEARCH_BACKENDS = LIVE
    with commits():
        mandate = city.representative("丁示例", electing_unit="示范一区")
    facts = {"sex": "女", "nation": "汉族", "occupation": "", "tags": (), "actor": city.office}
    with commits():
        change_representative(mandate=mandate, name="丁示例", electing_unit="示范二区", **facts)

    def found(query):
        return [str(person) for person in get_search_backend().search(query, Representative)]

    assert [found(query) for query in ("示范一区", "示范二区", "dsl")] == [[], ["丁示例"], ["丁示例"]]
    day = mandate.starts_on.replace(year=2023)
    end_mandate(mandate=mandate, day=day, actor=city.office)
    with commits():
        add_mandate(
            representative=mandate.representative, term=city.term, area=city.township, actor=city.office,
            starts_on=day.replace(year=2024), electing_unit="示范三区",
        )  # fmt: skip
    assert found("示范三区") == ["丁示例"]


def test_no_phone_and_no_day_of_birth_is_in_the_index(city, site):
    from datetime import date

    city.representative("丁示例", phone="13977770001", birth_date=date(1961, 2, 3))
    index()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wagtailsearch_indexentry")
        held = repr(cursor.fetchall())
    assert [word for word in ("1397777", "1961", "示例") if word in held] == ["示例"]


# --- what Wagtail asks of it --------------------------------------------------------------------------------


@pytest.fixture
def three(notices):
    for title, text in (("石桥镇接待日", "窑火"), ("清源镇接待日", "路灯"), ("石桥镇路灯", "接待")):
        notices(title, text)
    index()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("石桥镇", ["石桥镇接待日", "石桥镇路灯"]),
        ("石桥 路灯", ["石桥镇路灯"]),
        (PlainText("窑火 路灯", operator="or"), ["石桥镇接待日", "清源镇接待日", "石桥镇路灯"]),
        (Phrase("接待日"), ["石桥镇接待日", "清源镇接待日"]),
        (And([PlainText("石桥"), Not(Phrase("接待日"))]), ["石桥镇路灯"]),
        (Or([Phrase("窑火"), Phrase("路灯")]), ["石桥镇接待日", "清源镇接待日", "石桥镇路灯"]),
        ('"', []),
        ("\x00", []),
        ("a AND", []),
    ],
)
def test_a_queryset_is_searched_in_chinese(three, query, found):
    assert sorted(titles(NoticePage.objects.search(query))) == sorted(found)
    assert NoticePage.objects.search(query).count() == len(found)


def test_a_question_turned_round_finds_the_rest(three):
    assert titles(NoticePage.objects.search(Not(Phrase("石桥镇")))) == ["清源镇接待日"]
    assert titles(NoticePage.objects.search(Not(PlainText("！")))) == titles(
        NoticePage.objects.order_by("pk")
    )


def test_the_best_comes_first_and_a_named_order_is_kept(three):
    assert titles(NoticePage.objects.search("接待"))[-1] == "石桥镇路灯"
    assert titles(NoticePage.objects.order_by("title").search("接待", order_by_relevance=False)) == sorted(
        ["石桥镇接待日", "清源镇接待日", "石桥镇路灯"]
    )
    scores = [page.score for page in NoticePage.objects.search("接待").annotate_score("score")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_titles_are_completed_from_their_middle(three):
    found = [titles(Page.objects.autocomplete(query)) for query in ("桥镇路", "灯", "窑火")]
    assert found == [["石桥镇路灯"], ["石桥镇路灯"], []]


def test_a_ranking_is_made_in_one_pass(notices, django_assert_num_queries):
    """Wagtail's own compiler asks the full-text table again for each row, which grows with the square of the rows."""
    if connection.vendor != "sqlite":
        pytest.skip("a plan of SQLite")
    for number in range(30):
        notices(f"接待日{number}")
    index()
    with connection.cursor() as cursor:
        sql, params = NoticePage.objects.search("接待日").get_queryset().query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [row[3] for row in cursor.fetchall()]
    assert "MATERIALIZE found" in plan or any("CO-ROUTINE" in step for step in plan)
    assert any("AUTOMATIC" in step for step in plan)


@pytest.fixture
def editor(client, city):
    group = Group.objects.create(name="编")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(city.office)
    return client


def test_the_explorer_and_the_search_of_pages_find_a_part_of_a_title(editor, site, three):
    explorer = reverse("wagtailadmin_explore_results", args=[site["tongzhi"].pk])
    for address in (explorer, reverse("wagtailadmin_pages:search_results")):
        html = editor.get(address, {"q": "桥镇路"}).content.decode()
        assert ("石桥镇路灯" in html, "石桥镇接待日" in html) == (True, False)


def test_the_chooser_of_pages_finds_a_part_of_a_title(editor, three):
    answer = editor.get(
        reverse("wagtailadmin_choose_page_search"), {"q": "桥镇路", "page_type": "wagtailcore.page"}
    )
    html = answer.content.decode()
    assert ("石桥镇路灯" in html, "石桥镇接待日" in html) == (True, False)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail's own temporary file
@pytest.mark.parametrize(
    ("model", "names"),
    [
        (get_image_model, ("wagtailimages_chooser:choose_results", "wagtailimages:index_results")),
        (get_document_model, ("wagtaildocs_chooser:choose_results", "wagtaildocs:index_results")),
    ],
)
def test_choosers_and_lists_of_files_find_a_part_of_a_title(editor, city, model, names):
    for title in ("石桥镇路灯", "清源镇窑火"):
        made = model()(title=title)
        made.file = (
            ContentFile(jpeg(), name="a.jpg")
            if hasattr(made, "width")
            else ContentFile(b"example", name="a.pdf")
        )
        made.save()
    index()
    for name in names:
        html = editor.get(reverse(name), {"q": "桥镇"}).content.decode()
        with contextlib.suppress(ValueError):
            html = json.loads(html)["html"]
        assert ("石桥镇路灯" in html, "清源镇窑火" in html) == (True, False), name


@pytest.mark.parametrize("query", ["\x00", '"', "a AND", "NEAR(", "*", "石" * 5000, "\\", "'"])
def test_no_query_makes_the_admins_search_fail(editor, site, three, query):
    explorer = reverse("wagtailadmin_explore_results", args=[site["tongzhi"].pk])
    for address in (
        explorer,
        reverse("wagtailadmin_pages:search_results"),
        reverse("wagtailimages_chooser:choose_results"),
    ):
        assert editor.get(address, {"q": query}).status_code == 200


def test_building_the_index_twice_changes_nothing(notices, city):
    city.representative("丁示例")
    notices("石桥", "窑火" * 20_000)
    index()
    before = sorted(entries().values_list("content_type", "object_id", "pk"))
    call_command("update_index", verbosity=0, chunk_size=2)
    assert sorted(entries().values_list("content_type", "object_id", "pk")) == before
