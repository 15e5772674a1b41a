"""One courseware gives its author credit once: several files, a new version, publishing again, the same file again."""

from datetime import date

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from scoring.facts import gather
from scoring.same_work import Work, tell_repeats
from scoring.sheets import live_sheet
from scoring.standard_file import load
from sessions.models import CoursewareFile, CoursewarePage
from sessions.operations import shelve_courseware
from stations.models import Mandate
from tests.scoring.test_facts import FIRST, LAST, ONE_OF_EACH, RULES, facts_of
from tests.scoring.year_city import open_year

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def published(site, author, *contents, day=MAY, selected=False):
    """Publish courseware with one file for each of `contents`."""
    page = CoursewarePage(
        title="怎样写建议", slug=f"kj{CoursewarePage.objects.count()}", author=author.representative, date=day
    )
    for content in contents:
        document = get_document_model()(title="讲稿")
        document.file.save("a.txt", ContentFile(content))
        page.files.add(CoursewareFile(document=document))
    site["kejian"].add_child(instance=page)
    CoursewarePage.objects.filter(pk=page.pk).update(selected=selected)
    shelve_courseware(page=page, actor=None)
    return page


def told(mandate, **more):
    """Return {record: ref} of the person's facts."""
    return {fact.source: fact.ref for fact in facts_of(mandate, **more)}


def test_the_same_file_in_a_second_courseware_is_told_as_the_same_work(city, site):
    author = city.representative()
    first = published(site, author, b"one")
    second = published(site, author, b"one", day=JUNE)
    ref = f"courseware:{first.pk}"
    assert told(author) == {f"courseware:{first.pk}": ref, f"courseware:{second.pk}": ref}


def test_the_sheet_pays_the_author_of_the_same_file_once(city, site):
    author = city.representative()
    year = open_year(city)
    published(site, author, b"one")
    once = live_sheet(year, author).sheet.total
    published(site, author, b"one", day=JUNE)
    again = live_sheet(year, author).sheet
    published(site, author, b"two", day=JUNE)
    assert (again.total, live_sheet(year, author).sheet.total > once) == (once, True)


def test_several_files_and_publishing_again_are_one_work(city, site):
    author = city.representative()
    page = published(site, author, b"one", b"two")
    shelve_courseware(page=page, actor=None)
    page.save_revision().publish()
    assert told(author) == {f"courseware:{page.pk}": None}


def test_a_courseware_with_a_new_file_is_a_new_work(city, site):
    author = city.representative()
    first = published(site, author, b"handout", b"one")
    second = published(site, author, b"handout", b"two", day=JUNE)
    assert told(author) == {f"courseware:{first.pk}": None, f"courseware:{second.pk}": None}


def test_a_work_of_last_year_is_no_new_one_in_this_year(city, site):
    author = city.representative()
    published(site, author, b"one", day=date(2025, 12, 31))
    published(site, author, b"one")
    assert (told(author), len(told(author, first=date(2025, 1, 1), last=date(2025, 12, 31)))) == ({}, 1)


def test_the_award_of_either_counts_once_for_both(city, site):
    author = city.representative()
    published(site, author, b"one")
    published(site, author, b"one", day=JUNE, selected=True)
    facts = facts_of(author, load(ONE_OF_EACH).standard)
    assert ([fact.item for fact in facts], len({fact.ref for fact in facts})) == (["fine", "fine"], 1)


def test_two_authors_of_the_same_file_are_each_told_their_own_work(city, site):
    one, other = city.representative(), city.representative("李示例")
    first, second = published(site, one, b"one"), published(site, other, b"one", day=JUNE)
    assert (told(one), told(other)) == (
        {f"courseware:{first.pk}": None}, {f"courseware:{second.pk}": None},
    )  # fmt: skip


def test_courseware_takes_one_query_however_many_files_and_repeats(city, site, django_assert_num_queries):
    mandates = [city.representative(f"样本{number}") for number in range(3)]
    for mandate in mandates:
        published(site, mandate, b"one", b"two")
        published(site, mandate, b"one", day=JUNE)
    with django_assert_num_queries(5):
        facts = gather(RULES, Mandate.objects.all(), FIRST, LAST)
    assert {len(rows) for rows in facts.values()} == {2}


def test_a_file_that_was_never_looked_into_repeats_nothing():
    works = [Work(1, "甲", MAY, False, {""}), Work(2, "乙", JUNE, False, {""})]
    tell_repeats(works)
    assert [(work.first, work.repeated) for work in works] == [(1, False), (2, False)]


def test_a_repeat_of_a_repeat_leads_to_the_first():
    works = [Work(n, "甲", MAY, n == 3, {"a"}) for n in (1, 2, 3)]
    tell_repeats(works)
    assert [(work.first, work.repeated, work.selected) for work in works] == [(1, True, True)] * 3
