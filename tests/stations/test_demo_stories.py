"""The stories of the demonstration city: their form, their length, and that no sentence is used twice."""

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from stations.demo.scenes import SUBJECTS

DEMO = Path(__file__).resolve().parents[2] / "stations" / "demo"
PATHS = sorted((DEMO / "stories").glob("*.yaml"))
STORIES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in PATHS}
KEYS = {
    "name",
    "sex",
    "nation",
    "born",
    "occupation",
    "township",
    "industry",
    "title",
    "dek",
    "tags",
    "portrait",
    "scene",
    "body",
    "timeline",
}
BLOCKS = {"heading", "paragraph", "quote", "picture_caption"}
INDUSTRIES = {"钧陶瓷", "铸造", "三粉", "农业", None}
BANNED = ("失败", "非法", "异常", "操作有误", "请勿", "！", "!", "?", ",", ";", '"', "......")
PUBLISHED = dt.date(2026, 11, 22)
SHARED = re.compile("分享会|大课堂")
DATED = re.compile(f"[月年][^，。；]{{0,12}}({SHARED.pattern})")
RUN = 14
HAN = re.compile(r"[\u3400-\u9fff]")
NOT_HAN = re.compile(r"[^\u3400-\u9fff0-9]")

each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def block_texts(story: dict) -> list[tuple[str, str]]:
    pairs = [next(iter(block.items())) for block in story["body"]]
    return [(kind, text["text"] if kind == "quote" else text) for kind, text in pairs]


def every_string(story: dict) -> list[str]:
    texts = [text for _, text in block_texts(story)]
    texts += [block["quote"]["who"] for block in story["body"] if "quote" in block]
    texts += [entry["text"] for entry in story["timeline"]]
    return [*texts, story["title"], story["dek"], story["occupation"], *story["tags"]]


def han_count(texts: list[str]) -> int:
    return sum(len(HAN.findall(text)) for text in texts)


def runs_of(text: str, length: int) -> list[str]:
    bare = NOT_HAN.sub("", text)
    return [bare[start : start + length] for start in range(len(bare) - length + 1)]


def test_there_are_eighteen_stories_numbered_without_a_gap():
    assert [path.name[:3] for path in PATHS] == [f"{number:02d}-" for number in range(1, 19)]


@each_story
def test_a_story_has_exactly_the_agreed_keys(story):
    assert set(story) - {"group_hint"} == KEYS


@each_story
def test_every_block_is_of_one_known_kind(story):
    assert [block for block in story["body"] if len(block) != 1 or not set(block) <= BLOCKS] == []


@each_story
def test_a_quote_names_its_text_and_its_speaker(story):
    quotes = [block["quote"] for block in story["body"] if "quote" in block]
    assert [sorted(quote) for quote in quotes] == [["text", "who"]]
    assert story["name"] in quotes[0]["who"]


@each_story
def test_a_story_has_three_or_four_headings_and_at_most_one_picture(story):
    kinds = Counter(kind for kind, _ in block_texts(story))
    assert (kinds["heading"] in (3, 4), kinds["picture_caption"] in (0, 1)) == (True, True)


@each_story
def test_the_body_is_between_850_and_1200_han_characters_long(story):
    prose = [text for kind, text in block_texts(story) if kind in {"paragraph", "quote"}]
    everything = [text for _, text in block_texts(story)]
    assert (han_count(prose) >= 850, han_count(everything) <= 1200) == (True, True)


@each_story
def test_title_dek_and_tags_keep_their_lengths(story):
    lengths = (len(story["title"]) <= 24, 40 <= len(story["dek"]) <= 80, 3 <= len(story["tags"]) <= 5)
    assert lengths == (True, True, True)


@each_story
def test_facts_of_the_person_are_of_the_closed_lists(story):
    assert story["sex"] in {"男", "女"}
    assert story["nation"] in {"汉族", "回族"}
    assert story["industry"] in INDUSTRIES
    assert story["scene"] in SUBJECTS
    assert 1950 <= story["born"] <= 2000
    assert 2 <= len(story["name"]) <= 3


@each_story
def test_the_township_is_one_of_the_city(story):
    with (DEMO / "data" / "yuzhou_townships.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file) if row["name"] == story["township"]] == [
            story["township"]
        ]


@each_story
def test_the_timeline_has_four_to_six_dated_entries_in_order(story):
    days = [entry["date"] for entry in story["timeline"]]
    assert 4 <= len(days) <= 6
    assert days == sorted(set(days))
    assert [day for day in days if not dt.date(2025, 1, 1) <= day <= PUBLISHED] == []


@each_story
def test_the_story_says_that_its_person_is_a_deputy_and_what_was_done_as_one(story):
    text = "".join(every_string(story))
    deeds = [word for word in ("建议", "分享会", "接待", "视察", "研讨会") if word in text]
    assert ("人大代表" in text, len(deeds) >= 2) == (True, True)


@each_story
def test_no_sharing_session_is_dated_as_the_day_of_seeding_decides_when_it_was(story):
    in_time = [entry["text"] for entry in story["timeline"] if SHARED.search(entry["text"])]
    assert in_time + [text for text in every_string(story) if DATED.search(text)] == []


@each_story
def test_no_word_or_half_width_mark_stands_that_the_house_forbids(story):
    assert [(word, text) for text in every_string(story) for word in BANNED if word in text] == []


@each_story
def test_no_number_stands_apart_from_its_han_characters_by_a_space(story):
    assert [text for text in every_string(story) if " " in text or "\n" in text] == []


@each_story
def test_quotation_marks_open_and_close_in_pairs(story):
    unpaired = [text for text in every_string(story) if text.count("“") != text.count("”")]
    assert unpaired == []


def test_every_story_has_its_own_name_title_matter_and_portrait():
    for key in ("name", "title", "occupation", "portrait", "dek"):
        assert [value for value, n in Counter(s[key] for s in STORIES.values()).items() if n > 1] == []


def test_no_run_of_fourteen_characters_occurs_in_two_stories_or_twice_in_one():
    seen: dict[str, str] = {}
    repeated: list[tuple[str, str, str]] = []
    for stem, story in STORIES.items():
        for text in [*(text for _, text in block_texts(story)), story["dek"]]:
            for run in runs_of(text, RUN):
                if run in seen:
                    repeated.append((run, seen[run], stem))
                seen[run] = stem
    assert repeated == []


def test_the_four_industries_and_both_sexes_are_all_told_of():
    assert {story["industry"] for story in STORIES.values()} == INDUSTRIES
    assert Counter(story["sex"] for story in STORIES.values()) == {"男": 10, "女": 8}
    assert Counter(story["nation"] for story in STORIES.values()) == {"汉族": 15, "回族": 3}
