"""The demonstration city's texts: whole to their schema, each its own words, nothing that looks real."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.installation.operations import standing_texts

ROOT = Path(__file__).parents[2]
PLACES = {
    "sessions": ("sessions", "handling", "courseware", "tours", "activities"),
    "stations": ("stations", "points"),
    "scoring": ("media_reports", "proposals", "honours"),
    "portal": ("notices", "about"),
}
FILES = [(app, name) for app, names in PLACES.items() for name in names]
# fmt: off
TOWNSHIPS = [
    "颍川街道", "夏都街道", "韩城街道", "钧台街道", "褚河街道", "火龙镇",
    "顺店镇", "方山镇", "神垕镇", "鸿畅镇", "梁北镇", "古城镇",
    "无梁镇", "文殊镇", "鸠山镇", "范坡镇", "郭连镇", "朱阁镇",
    "浅井镇", "方岗镇", "花石镇", "张得镇", "苌庄镇", "小吕镇",
    "磨街乡", "山货回族乡",
]
# fmt: on
INDUSTRIES = ["钧陶瓷", "铸造", "三粉", "农业"]
THEMES = {"工作感悟", "创业故事", "视察调研", "联系群众", "撰写建议"}
FORMAT_OF_KIND = {
    "sharing": "专题式",
    "seminar": "互动式",
    "field_visit": "沉浸式",
    "lecture": "大课堂",
    "bright_ideas": "金点子",
}
HANDLINGS = {"已交办", "研究中", "已采纳", "已答复", "未采纳"}
SETTLED = {"已采纳", "已答复", "未采纳"}
# fmt: off
SESSION_KEYS = [
    "number", "month", "title", "theme", "kind", "format",
    "place", "start", "minutes", "capacity", "directions", "intro",
    "agenda", "speakers", "questions", "ideas",
]
# fmt: on
AFTERWARDS = ["summary", "outcome", "takeaways"]
RUN = 14  # so many characters in a row never stand in two sessions
UNWANTED = re.compile("失败|非法|异常|操作有误|请勿|严禁|[!！]|(?<!为)你|\\d{4} ?年|T[O]DO")


def load(app: str, name: str) -> Any:
    return yaml.safe_load((ROOT / app / "demo" / "texts" / f"{name}.yaml").read_text(encoding="utf-8"))


def words(value: Any) -> Iterator[str]:
    """Every string of a text, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)


def out_of(texts: list[str], low: int, high: int) -> list[tuple[int, str]]:
    """The texts whose length is not in the range, with their length."""
    return [(len(text), text) for text in texts if not low <= len(text) <= high]


def people(value: Any) -> Iterator[int]:
    """Every {person: N} of a text."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "person":
                yield part
            elif key == "people":
                yield from part
            else:
                yield from people(part)
    elif isinstance(value, list):
        for part in value:
            yield from people(part)


def repeated(texts: list[Any], run: int) -> list[tuple[str, int, int]]:
    """Runs of characters that stand in two of the texts, with the two positions."""
    seen: dict[str, int] = {}
    found = []
    for number, text in enumerate(texts, start=1):
        for string in words(text):
            for start in range(len(string) - run + 1):
                piece = string[start : start + run]
                if seen.setdefault(piece, number) != number:
                    found.append((piece, seen[piece], number))
    return found


@pytest.fixture(scope="module")
def sessions() -> Any:
    return load("sessions", "sessions")


@pytest.mark.parametrize(("app", "name"), FILES)
def test_no_text_uses_an_unwanted_word_or_a_fixed_year(app: str, name: str) -> None:
    assert [text for text in words(load(app, name)) if UNWANTED.search(text)] == []


@pytest.mark.parametrize(("app", "name"), FILES)
def test_every_person_is_one_of_the_eighteen_stories(app: str, name: str) -> None:
    assert set(people(load(app, name))) - set(range(1, 19)) == set()


def test_the_year_has_thirteen_sessions_in_order(sessions: Any) -> None:
    assert [(one["number"], one["month"]) for one in sessions] == [(n, n) for n in range(1, 14)]


def test_a_session_has_the_whole_schema_and_only_a_past_one_its_outcome(sessions: Any) -> None:
    wanted = [SESSION_KEYS + AFTERWARDS] * 12 + [SESSION_KEYS]
    assert [list(one) for one in sessions] == wanted


def test_a_session_s_format_follows_its_kind_and_its_theme_is_known(sessions: Any) -> None:
    assert [one["format"] for one in sessions] == [FORMAT_OF_KIND[one["kind"]] for one in sessions]
    assert {one["theme"] for one in sessions} == THEMES
    assert {one["kind"] for one in sessions} == set(FORMAT_OF_KIND)


def test_a_session_s_place_is_a_station_a_point_or_the_meeting_room(sessions: Any) -> None:
    known = {f"{name}代表联络站" for name in TOWNSHIPS} | {f"{name}产业联络点" for name in INDUSTRIES}
    assert {one["place"] for one in sessions} - known == {"市人大机关二楼会议室"}


def test_the_texts_of_a_session_keep_their_lengths(sessions: Any) -> None:
    assert out_of([one["intro"] for one in sessions], 150, 300) == []
    assert out_of([one["summary"] for one in sessions[:12]], 300, 500) == []
    assert out_of([speaker["text"] for one in sessions for speaker in one["speakers"]], 60, 120) == []
    assert out_of([idea["text"] for one in sessions for idea in one["ideas"]], 40, 100) == []


def test_a_session_has_its_rows_speakers_questions_and_ideas(sessions: Any) -> None:
    counts = [[len(one[key]) for key in ("agenda", "speakers", "questions", "ideas")] for one in sessions]
    assert [row for row in counts if not (5 <= row[0] <= 7 and 2 <= row[1] <= 4 and 3 <= row[2] <= 5)] == []
    assert [row for row in counts if not 3 <= row[3] <= 5] == []
    assert [len(one["takeaways"]) for one in sessions[:12]] == [3] * 12


def test_what_became_of_every_idea_of_a_past_session_is_told_step_by_step(sessions: Any) -> None:
    ways = load("sessions", "handling")
    assert list(ways) == [idea["title"] for one in sessions[:12] for idea in one["ideas"]]
    assert {step["step"] for way in ways.values() for step in way} == HANDLINGS
    days = [[step["after"] for step in way] for way in ways.values()]
    assert [row for row in days if row != sorted(set(row))] == []
    told = [[step["step"] in SETTLED for step in way if "reply" in step] for way in ways.values()]
    settled = [[True for step in way if step["step"] in SETTLED] for way in ways.values()]
    assert (told, [way for way in settled if len(way) > 1]) == (settled, [])
    replies = [step["reply"] for way in ways.values() for step in way if "reply" in step]
    assert (out_of(replies, 40, 100), repeated(replies, RUN)) == ([], [])


def test_a_summary_counts_neither_who_came_nor_the_ideas_as_the_roll_and_the_list_do(sessions: Any) -> None:
    counted = re.compile("[一二三四五六七八九十百]{2,}多?(?:位代表|顶安全帽)|共收到")
    assert [one["number"] for one in sessions[:12] if counted.search(one["summary"])] == []
    figures = [row["figure"] for row in sessions[9]["outcome"] if row["label"] == "带数的主意卡"]
    assert figures == [len(sessions[9]["ideas"])]


def test_an_agenda_runs_without_a_gap_to_the_session_s_end(sessions: Any) -> None:
    for one in sessions:
        rows = one["agenda"]
        ends = [row["offset"] + row["minutes"] for row in rows]
        assert [row["offset"] for row in rows[1:]] == ends[:-1]
        assert (ends[0], ends[-1]) == (0, one["minutes"])


def test_an_answer_comes_from_a_speaker_and_no_speaker_asks(sessions: Any) -> None:
    for one in sessions:
        speaking = {speaker.get("person") for speaker in one["speakers"]} - {None}
        asking = {question["asked_by"].get("person") for question in one["questions"]}
        assert asking & speaking == set()
        answering = {question["answered_by"] for question in one["questions"]}
        assert answering <= set(range(1, len(one["speakers"]) + 1))


def test_about_half_of_the_speakers_are_people_of_the_stories(sessions: Any) -> None:
    speakers = [speaker for one in sessions for speaker in one["speakers"]]
    share = sum("person" in speaker for speaker in speakers) / len(speakers)
    assert 0.4 <= share <= 0.7


def test_no_run_of_fourteen_characters_stands_in_two_sessions(sessions: Any) -> None:
    assert repeated([{**one, "place": ""} for one in sessions], RUN) == []


def test_no_run_of_fourteen_characters_stands_in_two_stations() -> None:
    places = load("stations", "stations") + load("stations", "points")
    assert repeated([{**place, "hours": ""} for place in places], RUN) == []


def test_seven_pieces_of_courseware_of_three_kinds_two_of_them_selected() -> None:
    works = load("sessions", "courseware")
    assert Counter(work["kind"] for work in works) == {"slides": 5, "handbook": 1, "worksheet": 1}
    assert sum(work["selected"] for work in works) == 2
    assert out_of([work["abstract"] for work in works], 80, 150) == []
    assert [len(work["slides"]) for work in works if not 8 <= len(work["slides"]) <= 12] == []
    points = [len(slide["points"]) for work in works for slide in work["slides"]]
    assert [count for count in points if not 3 <= count <= 5] == []


def test_a_courseware_belongs_to_a_session_of_its_theme_and_a_speaker_of_it(sessions: Any) -> None:
    by_number = {one["number"]: one for one in sessions}
    works = load("sessions", "courseware")
    assert [work["theme"] for work in works] == [by_number[work["session"]]["theme"] for work in works]
    for work in works:
        speakers = [
            {key: speaker[key] for key in ("person", "guest", "title") if key in speaker}
            for speaker in by_number[work["session"]]["speakers"]
        ]
        assert [work["author"]] == [speaker for speaker in speakers if speaker == work["author"]]


def test_two_tours_stop_in_known_townships_in_rising_days() -> None:
    tours = load("sessions", "tours")
    assert [len(tour["stops"]) for tour in tours] == [5, 4]
    stops = [stop for tour in tours for stop in tour["stops"]]
    assert {stop["township"] for stop in stops} - set(TOWNSHIPS) == set()
    assert out_of([stop["text"] for stop in stops], 80, 150) == []
    for tour in tours:
        days = [stop["after"] for stop in tour["stops"]]
        assert days == sorted(set(days))


def test_the_other_activities_have_their_counts_and_own_titles() -> None:
    activities = load("sessions", "activities")
    assert {kind: len(rows) for kind, rows in activities.items()} == {
        "congress": 4,
        "standing_committee": 3,
        "training": 2,
        "lecture": 2,
        "group_activity": 8,
        "inspection": 4,
        "research": 4,
        "enforcement_check": 2,
        "appraisal": 2,
        "hearing": 1,
        "reception": 6,
        "duty_report": 3,
    }
    titles = [row["title"] for rows in activities.values() for row in rows]
    assert len(set(titles)) == len(titles)


def test_the_stations_are_the_twenty_six_townships_in_order() -> None:
    stations = load("stations", "stations")
    assert [station["township"] for station in stations] == TOWNSHIPS
    assert [station["phone"] for station in stations] == [f"0000-76543{n:02d}" for n in range(1, 27)]
    assert out_of([station["intro"] for station in stations], 80, 140) == []
    assert [len(station["matters"]) for station in stations] == [2] * 26
    assert out_of([matter["text"] for station in stations for matter in station["matters"]], 30, 60) == []


def test_what_people_brought_to_a_place_adds_up() -> None:
    places = load("stations", "stations") + load("stations", "points")
    keys = {tuple(place["year"]) for place in places}
    assert keys == {("heard", "answered", "content", "partly", "not")}
    rows = [tuple(place["year"].values()) for place in places]
    assert [row for row in rows if not row[0] > row[1] > sum(row[2:]) > 0] == []
    assert len(set(rows)) == len(rows)
    days = [[matter["days_ago"] for matter in place["matters"]] for place in places]
    assert [row for row in days if row != sorted(row) or not 7 < row[0] <= row[-1] < 365] == []


def test_a_place_is_open_in_the_hours_of_its_receptions() -> None:
    """Receptions last from 9:30 or 14:30 for two hours and may fall on any day of the week."""
    hours = [place["hours"] for place in load("stations", "stations") + load("stations", "points")]
    spans = [re.fullmatch(r"工作日 (\d+):(\d\d)—(\d+):(\d\d)，接待日照常", said) for said in hours]
    times = [tuple(map(int, span.groups())) for span in spans if span]
    assert (len(times), [row for row in times if row[:2] > (9, 30) or row[2:] < (16, 30)]) == (30, [])


def test_the_four_points_have_their_intro_and_three_matters() -> None:
    points = load("stations", "points")
    assert [point["key"] for point in points] == INDUSTRIES
    assert {point["township"] for point in points} - set(TOWNSHIPS) == set()
    assert out_of([point["intro"] for point in points], 150, 250) == []
    assert [len(point["matters"]) for point in points] == [3] * 4


def test_twenty_four_media_reports_with_two_stories_told_twice() -> None:
    media = load("scoring", "media_reports")
    outlets = {outlet["key"]: outlet for outlet in media["outlets"]}
    reports = media["reports"]
    assert (len(outlets), len(reports)) == (10, 24)
    assert {outlet["level"] for outlet in outlets.values()} == {
        "county",
        "municipal",
        "provincial",
        "national",
    }
    assert {outlet["medium"] for outlet in outlets.values()} == {"tv", "paper", "new_media"}
    assert {report["outlet"] for report in reports} == set(outlets)
    assert sorted(Counter(report["story"] for report in reports).values()) == [1] * 20 + [2] * 2
    assert len({report["url"] for report in reports}) == 24
    assert [
        report["url"] for report in reports if not report["url"].startswith("https://news.example/")
    ] == []
    assert [report["people"] for report in reports if not 1 <= len(report["people"]) <= 3] == []
    assert {report["month"] for report in reports} <= set(range(1, 14))


def test_one_story_in_two_outlets_names_the_same_people() -> None:
    named: dict[str, list[list[int]]] = {}
    for report in load("scoring", "media_reports")["reports"]:
        named.setdefault(report["story"], []).append(report["people"])
    assert [story for story, lists in named.items() if lists != [lists[0]] * len(lists)] == []


def test_forty_suggestions_and_six_honours() -> None:
    proposals = load("scoring", "proposals")
    assert len({proposal["title"] for proposal in proposals}) == 40
    assert [row["title"] for row in proposals if not re.fullmatch("关于.+的建议", row["title"])] == []
    assert sum(bool(row.get("fine")) for row in proposals) == 8
    assert sum(bool(row.get("key")) for row in proposals) == 6
    honours = load("scoring", "honours")
    assert len({honour["title"] for honour in honours}) == 6
    assert {honour["level"] for honour in honours} == {"county", "municipal", "provincial"}


def test_no_notice_promises_what_the_site_does_not_have() -> None:
    notices = load("portal", "notices")
    promised = re.compile("活动填报|在那一行|未来四周|上新七份|七份课件")
    assert [row["title"] for row in notices if promised.search(row["title"] + "".join(row["body"]))] == []


def test_eight_notices_and_the_standing_pages() -> None:
    notices = load("portal", "notices")
    assert len({notice["title"] for notice in notices}) == 8
    assert out_of(["".join(notice["body"]) for notice in notices], 200, 500) == []
    about = load("portal", "about")
    assert list(about) == ["home", "about"]
    assert len(about["home"]["headline"]) <= 16
    standing = standing_texts() | {"about": about["about"]}
    assert list(standing) == ["about", "accessibility", "privacy"]
    assert [key for key, page in standing.items() if not page["sections"]] == []
