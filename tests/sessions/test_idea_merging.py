"""Ideas that say the same: found, merged, counted once with all their authors, and undone."""

from datetime import date

import pytest
import time_machine

from sessions.models import Idea
from sessions.operations import (
    VoiceRefused,
    decline_ideas,
    handle_idea,
    merge_ideas,
    release_ideas,
    split_idea,
)
from sessions.voices.counts import counted_ideas, counted_of
from sessions.voices.similar import THRESHOLD, likeness, pairs, similar_to
from tests.conftest import START
from tests.sessions.voiced import idea

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def merge(city, one, into):
    return merge_ideas(idea=one, into=into, moment=START, actor=city.office)


def counted():
    """Return {name: titles that count} of the year."""
    from stations.models import Representative

    names = dict(Representative.objects.values_list("pk", "name"))
    return {names[key]: [c.title for c in ideas] for key, ideas in counted_ideas(*YEAR).items()}


def test_two_that_were_merged_count_once_for_each_of_their_authors(city):
    ding, wang, tian = (city.representative(name) for name in ("丁示例", "王样本", "田示范"))
    first = idea(city, ding, wang, title="延时接待")
    second = idea(city, wang, tian, title="晚上也接待", released=False)
    assert counted() == {"丁示例": ["延时接待"], "王样本": ["延时接待"]}
    assert merge(city, second, first) == first
    assert merge(city, second, first) == first
    assert counted() == {"丁示例": ["延时接待"], "王样本": ["延时接待"], "田示范": ["延时接待"]}
    head = Idea.objects.public().signed().get()
    assert (head.people, head.signature) == (["丁示例", "王样本", "田示范"], "丁示例、王样本、田示范")


def test_undoing_a_merge_leaves_everything_as_it_was_and_both_in_the_history(city):
    ding, wang = city.representative("丁示例"), city.representative("王样本")
    first, second = idea(city, ding, title="延时接待"), idea(city, wang, title="晚上也接待")
    merge(city, second, first)
    assert counted() == {"丁示例": ["延时接待"], "王样本": ["延时接待"]}
    for _ in range(2):
        split_idea(idea=second, moment=START, actor=city.office)
    assert counted() == {"丁示例": ["延时接待"], "王样本": ["晚上也接待"]}
    told = [
        [(event.kind, event.other) for event in each.events.order_by("pk")][2:] for each in (first, second)
    ]
    assert told == [[("joined", second), ("split", second)], [("merged", first), ("split", first)]]


def test_what_was_merged_before_goes_along_so_that_no_chain_grows(city):
    one, two, three = (idea(city, city.representative(f"示例{n}"), title=n) for n in "甲乙丙")
    merge(city, one, two)
    merge(city, two, three)
    assert list(Idea.objects.heads()) == [three]
    assert set(Idea.objects.filter(duplicate_of=three)) == {one, two}
    with pytest.raises(VoiceRefused, match="刚刚已并入别的"):
        merge(city, three, one)


def test_merging_that_would_hide_or_make_no_sense_is_refused(city):
    public, waiting, declined = (
        idea(city, city.representative(), title=n, released=n == "公开") for n in ("公开", "等着", "不公开")
    )
    decline_ideas(ideas=[declined], reason="不合适", moment=START, actor=city.office)
    for one, into, why in (
        (public, public, "同一条"),
        (public, waiting, "还没有公开"),
        (waiting, declined, "不公开的金点子不能合并"),
        (declined, public, "不公开的金点子不能合并"),
    ):
        with pytest.raises(VoiceRefused, match=why):
            merge(city, one, into)
    assert Idea.objects.heads().count() == 3


def test_a_merged_idea_is_neither_released_nor_handled_by_itself(city):
    head, member = (
        idea(city, city.representative()),
        idea(city, city.representative("王样本"), released=False),
    )
    merge(city, member, head)
    assert release_ideas(ideas=[member], moment=START, actor=city.office) == 0
    with pytest.raises(VoiceRefused, match="已并入另一条"):
        handle_idea(
            idea=member, handling="studying", happened_on=START.date(), moment=START, actor=city.office
        )


def test_the_day_of_the_head_decides_in_which_year_a_group_counts(city):
    ding, wang = city.representative("丁示例"), city.representative("王样本")
    last_year = START.replace(year=2025, month=12, day=31, hour=23, minute=50)
    head, member = idea(city, ding, moment=last_year), idea(city, wang)
    merge(city, member, head)
    assert [counted_of(m.representative, 2026) for m in (ding, wang)] == [(), ()]
    (found,) = counted_of(wang.representative, 2025)
    assert (found.idea, found.day, found.handling) == (head.pk, date(2025, 12, 31), "received")


def test_what_is_not_public_counts_for_nobody(city):
    person = city.representative()
    idea(city, person, title="等着", released=False)
    taken_back = idea(city, person, title="撤下")
    decline_ideas(ideas=[taken_back], reason="有误", moment=START, actor=city.office)
    idea(city, activity=city.activity(), title="来宾的")
    assert counted() == {}


@pytest.mark.parametrize("count", [1, 3])
def test_counting_takes_one_query_for_any_number_of_people(city, count, django_assert_num_queries):
    for number in range(count):
        people = [city.representative(f"示例{number}{n}") for n in "甲乙"]
        merge(city, *(idea(city, mandate) for mandate in people))
    with django_assert_num_queries(1):
        assert len(counted_ideas(*YEAR)) == 2 * count


def test_likeness_reads_pairs_of_characters_without_punctuation_and_width():
    assert pairs("ＡＢ，开 门") == {"ab", "b开", "开门"}
    assert likeness(pairs("新代表搭班一年"), pairs("新代表搭班")) == 80
    assert (likeness(pairs("甲"), pairs("甲")), likeness(pairs("!"), pairs("?"))) == (100, 0)


def test_ideas_of_the_same_year_and_area_that_say_nearly_the_same_are_offered(city):
    made = idea(city, city.representative(), title="联络站延时接待到晚上七点", text="上班的人下班也能来。")
    again = idea(
        city, city.representative("王样本"), title="延时接待到七点", text="让上班的人下班以后也能来。"
    )
    idea(city, city.representative("田示范"), title="路灯编号", text="哪根不亮，报个号就行。")
    idea(city, city.representative("谢示教"), title=made.title, moment=START.replace(year=2025))
    elsewhere = city.representative("陈示意", area=city.other_township)
    idea(city, elsewhere, title=made.title)
    here = Idea.objects.filter(area=city.township)
    ((alike),) = similar_to(made, here)
    assert (alike.idea, alike.percent >= THRESHOLD) == (again, True)
    declined = idea(city, city.representative("郭例言"), title=made.title, released=False)
    decline_ideas(ideas=[declined], reason="重复", moment=START, actor=city.office)
    merge(city, again, made)
    assert similar_to(made, here) == []


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_likes_takes_the_same_queries_at_any_number(city, count, django_assert_num_queries):
    with time_machine.travel(START, tick=False):
        made = idea(city, city.representative(), activity=city.activity())
        for number in range(count):
            idea(city, city.representative(f"示例{number}"), activity=made.activity)
        with django_assert_num_queries(4):
            signed = {each.idea.signature for each in similar_to(made, Idea.objects.all())}
        assert len(signed) == count
