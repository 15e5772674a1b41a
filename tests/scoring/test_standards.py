"""A standard is stored once as a version, never edited, and said to everybody in plain words."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from scoring import operations
from scoring.method import described, standard_in_force
from scoring.method_words import band_words, item_words
from scoring.models import Standard
from scoring.operations import StandardRefused, YearRefused
from scoring.standard_file import InvalidStandard, dump, load
from stations.operations import grant, open_account
from tests.conftest import PASSWORD, START
from tests.scoring.adopted import adopted

STANDARDS = Path(__file__).resolve().parents[1] / "data" / "standards"
EXAMPLE = (STANDARDS / "example-6x11.yaml").read_text()
HEAD = """format: 1
code: words
title: 说法
subject: representative
period: {length: year}
base: 0
bands: [{name: 优秀, min: 90}, {name: 称职, min: 60}, {name: 不称职}]
categories:
  - code: all
    name: 全部
    kind: regular
    items:
      - {code: other, name: 别的小项, unit: 件, rule: {kind: count, points: 1}}
      - {code: it, name: 小项, unit: 次, rule: """


def store(city, text=EXAMPLE, **more):
    return operations.store_standard(text=text, actor=city.office, **more)


def test_a_file_is_stored_in_its_canonical_text_as_version_one(city):
    standard = store(city, is_example=True)
    loaded = load(EXAMPLE)
    assert (standard.code, standard.version, standard.text, standard.is_example, len(standard.digest)) == (
        "example-6x11",
        1,
        dump(loaded.standard, loaded.cases),
        True,
        64,
    )
    assert (standard.adopted_at, standard.stored_by) == (None, city.office)


def test_the_same_content_again_is_the_stored_version(city):
    first = store(city)
    assert (store(city, "# 一行说明\n" + EXAMPLE), Standard.objects.count()) == (first, 1)


def test_other_content_of_the_code_is_a_new_version_and_leaves_the_old(city):
    first = store(city)
    second = store(city, EXAMPLE.replace("points: 2.5, max: 5", "points: 3, max: 6").split("cases:")[0])
    assert (second.version, Standard.objects.get(pk=first.pk).text) == (2, first.text)


def test_a_file_that_is_no_standard_is_refused_with_line_and_key(city):
    text = EXAMPLE.replace("kind: count, points: 2.5, max: 5", "kind: cuont, points: 2.5, max: 5")
    with pytest.raises(InvalidStandard) as refused:
        store(city, text)
    assert [(p.line, p.key) for p in refused.value.problems] == [(30, "categories[0].items[1].rule.kind")]
    assert Standard.objects.count() == 0


NEWER = EXAMPLE.replace("points: 2.5, max: 5", "points: 3, max: 6").split("cases:")[0]


@pytest.fixture
def second(city):
    """Another person of the office."""
    user = open_account(username="second", display_name="核对人", password=PASSWORD, actor=None)
    grant(user=user, area=city.county, role="office", actor=None)
    return user


def adopt(standard, day, actor):
    return operations.adopt_standard(standard=standard, effective_from=day, actor=actor, moment=START)


def test_a_second_person_adopts_what_the_first_uploaded(city, second):
    draft = store(city)
    with pytest.raises(StandardRefused, match="上传和启用不能是同一个人"):
        adopt(draft, date(2026, 1, 1), city.office)
    standard = adopt(draft, date(2026, 1, 1), second)
    assert (standard.adopted_by, standard.adopted_at, standard.effective_from) == (
        second,
        START,
        date(2026, 1, 1),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=store(city, NEWER).pk).update(
            adopted_at=START, adopted_by=city.office, effective_from=date(2027, 1, 1)
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "{kind: count, points: 1}}\n", "有 2 个小项没有写来源（别的小项、小项），请在文件里补上 sources 再上传。"),
        (EXAMPLE.replace("    total: 15\n", "    total: 16\n", 1), None),
        (EXAMPLE.replace("subject: representative", "subject: group"), "这份标准评的不是代表个人（subject），可以核对，不能用于年度考评。"),
    ],
)  # fmt: skip
def test_what_is_not_ready_is_stored_and_says_so_when_it_is_to_be_adopted(city, second, text, words):
    draft = store(city, text)
    with pytest.raises(StandardRefused) as refused:
        adopt(draft, date(2026, 1, 1), second)
    failing = f"有 1 个算例与标准不符（{load(EXAMPLE).cases[0].name}），请改正标准或算例再上传。"
    assert str(refused.value) == (words or failing)


def test_a_new_version_ends_the_former_on_its_eve(city):
    former, newer = adopted(city, first_day=date(2026, 1, 1)), adopted(city, NEWER, date(2027, 1, 1))
    former.refresh_from_db()
    assert (former.effective_to, newer.effective_to) == (date(2026, 12, 31), None)
    assert [standard_in_force(date(year, 12, 31)) for year in (2025, 2026, 2027)] == [None, former, newer]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2025, 6, 1)])
def test_the_days_of_two_versions_do_not_overlap(city, day):
    adopted(city, first_day=date(2026, 1, 1))
    with pytest.raises(StandardRefused) as refused:
        adopted(city, NEWER, day)
    assert str(refused.value) == "第 1 版从 2026-01-01 起生效，两版的日期不能交叉；请选更晚的生效日期。"


def test_the_database_holds_one_version_of_a_code_in_force_without_end(city):
    adopted(city)
    draft = store(city, NEWER, is_example=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=draft.pk).update(adopted_at=START, effective_from=date(2030, 1, 1))


@pytest.mark.parametrize(
    "change",
    [{"text": "format: 1"}, {"digest": "0"}, {"adopted_at": None}, {"version": 7}, {"effective_from": START}],
)
def test_the_database_keeps_what_was_adopted(city, change):
    standard = adopted(city)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Standard.objects.filter(pk=standard.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM scoring_standard")


def test_a_draft_is_discarded_and_an_adopted_version_is_not(city):
    draft = store(city)
    operations.discard_standard(standard=draft, actor=city.office)
    assert Standard.objects.count() == 0
    with pytest.raises(StandardRefused, match="已经启用，不能删除"):
        operations.discard_standard(standard=adopted(city), actor=city.office)


def test_no_year_is_graded_by_a_draft_or_before_the_standard_is_in_effect(city):
    given = {"label": 2026, "term": city.term, "actor": city.office}
    for standard in (store(city), adopted(city, NEWER, date(2026, 1, 2))):
        with pytest.raises(YearRefused, match="在 2026-01-01 还没有生效，请先启用标准"):
            operations.create_year(standard=standard, **given)


def test_a_year_that_runs_decides_which_standard_is_in_force(city):
    old = adopted(city, first_day=date(2025, 1, 1))
    year = operations.create_year(label=2026, term=city.term, standard=old, actor=city.office)
    newer = adopted(city, NEWER, date(2026, 3, 1))
    draft = standard_in_force(date(2026, 6, 1))
    operations.open_year(year=year, actor=city.office, moment=START)
    assert (draft, standard_in_force(date(2026, 6, 1)), standard_in_force(date(2027, 6, 1))) == (
        newer,
        old,
        newer,
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{kind: constant, points: 5}", "每人计 5 分"),
        ("{kind: count, points: 2.50}", "每次 2.5 分"),
        ("{kind: count, points: 2, from: 3, at_most: 4, max: 8}", "每次 2 分；从第 3 次起计；最多计 4 次；最高 8 分"),
        ("{kind: count, by: status, points: {present: 2, late: 1}}", "每次按到会情况计：出席 2 分，迟到 1 分"),
        ("{kind: threshold, steps: [{at: 1, points: 6}]}", "满 1 次计 6 分"),
        ("{kind: threshold, steps: [{at: 1, points: 6}, {at: 3, points: 9}]}", "满 1 次计 6 分，满 3 次计 9 分；取达到的最高一档"),
        ("{kind: threshold, of: other, every: 2, points: 3}", "按“别的小项”的数量，每满 2 次计 3 分"),
        ("{kind: deduct, start: 15, by: event, points: {absent: 5, leave: 1}, zero_when: [absent]}", "起评 15 分；缺席每次扣 5 分，请假每次扣 1 分；缺席则本项清零；扣到 0 分为止"),
        ("{kind: target, target: 4, base: 8, per_unit: 2, floor: 0}", "目标 4 次，达到计 8 分；每多 1 次加 2 分；每少 1 次扣 2 分，最低 0 分"),
        ("{kind: target, target: 4, base: 8, per_unit: 2, below: false}", "目标 4 次，达到计 8 分；每多 1 次加 2 分；没有达到不计分"),
        ("{kind: assessed, min: 0, max: 5}", "由考评人员评分，每次最低 0 分，最高 5 分"),
        ("{kind: shared, points: 6, lead: 0.6}", "每次 6 分；几人共同提出时，领衔人得 60%，其余的人平分剩下的部分"),
        ("{kind: veto, band: 不称职}", "有一次即评为“不称职”"),
        ("{kind: void}", "有一次即总分清零"),
    ],
)  # fmt: skip
def test_each_kind_of_rule_is_said_in_words(rule, words):
    rules = load(HEAD + rule + "}\n").standard
    assert item_words(list(rules.items)[1], rules) == words


def test_the_bands_are_said_from_which_total_to_which():
    assert band_words(load(HEAD + "{kind: void}}\n").standard) == (
        ("优秀", "90 分及以上"),
        ("称职", "60 分起，不足 90 分"),
        ("不称职", "不足 60 分"),
    )


def test_the_whole_example_is_said_without_a_word_of_the_file(city):
    method = described(store(city))
    said = [words for category in method.categories for words in (item.words for item in category.items)]
    latin = [words for words in said if any(mark.isascii() and mark.isalpha() for mark in words)]
    assert (len(said), latin) == (15, [])


def test_everybody_reads_the_method_with_the_mark_of_an_example(city, site, client):
    standard = adopted(city)
    year = operations.create_year(
        label=timezone.localdate().year, term=city.term, standard=standard, actor=city.office
    )
    operations.open_year(year=year, actor=city.office, moment=START)
    page = client.get(reverse("method"))
    text = page.content.decode()
    assert (page.status_code, text.count("<b>示例标准</b>"), text.count("起评 15 分")) == (200, 1, 1)


def test_without_a_standard_the_page_says_so(site, client):
    page = client.get(reverse("method"))
    assert (page.status_code, page.content.decode().count("还没有公布积分标准")) == (200, 1)


def test_the_stored_method_page_drops_when_a_year_opens(city, site, client, commits):
    with commits():
        year = operations.create_year(label=2026, term=city.term, standard=adopted(city), actor=city.office)
    client.get(reverse("method"))
    stored = client.get(reverse("method"))["X-Cache"]
    with commits():
        operations.open_year(year=year, actor=city.office, moment=START)
    assert (stored, client.get(reverse("method"))["X-Cache"]) == ("hit", "miss")
