"""A standard is stored once as a version, never edited, and said to everybody in plain words."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from scoring import operations
from scoring.method import described, standard_in_force
from scoring.method_words import band_words, item_words
from scoring.models import Standard
from scoring.operations import StandardRefused
from scoring.standard_file import InvalidStandard, dump, load
from tests.conftest import START

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
    standard = store(city, is_example=True, effective_from=date(2026, 1, 1))
    assert (standard.code, standard.version, standard.text, standard.is_example, len(standard.digest)) == (
        "example-6x11",
        1,
        dump(load(EXAMPLE).standard),
        True,
        64,
    )


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


def test_a_standard_whose_items_have_no_source_cannot_be_used(city):
    with pytest.raises(StandardRefused, match="有 2 个小项没有写来源（别的小项、小项）"):
        store(city, HEAD + "{kind: count, points: 1}}\n")
    assert Standard.objects.count() == 0


def test_a_year_that_runs_decides_which_standard_is_in_force(city):
    old = store(city, effective_from=date(2025, 1, 1))
    newer = store(
        city, EXAMPLE.replace("points: 2.5, max: 5", "points: 3, max: 6").split("cases:")[0],
        effective_from=date(2026, 3, 1),
    )  # fmt: skip
    year = operations.create_year(label=2026, term=city.term, standard=old, actor=city.office)
    draft = standard_in_force(date(2026, 6, 1))
    operations.open_year(year=year, actor=city.office, moment=START)
    assert (draft, standard_in_force(date(2026, 6, 1)), standard_in_force(date(2027, 6, 1))) == (
        newer,
        old,
        newer,
    )


def test_no_standard_is_in_force_before_its_first_day(city):
    store(city, effective_from=date(2026, 1, 1))
    assert standard_in_force(date(2025, 12, 31)) is None


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
    standard = store(city, is_example=True)
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
        year = operations.create_year(label=2026, term=city.term, standard=store(city), actor=city.office)
    client.get(reverse("method"))
    stored = client.get(reverse("method"))["X-Cache"]
    with commits():
        operations.open_year(year=year, actor=city.office, moment=START)
    assert (stored, client.get(reverse("method"))["X-Cache"]) == ("hit", "miss")
