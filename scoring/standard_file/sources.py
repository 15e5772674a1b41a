"""What an item may be fed from: the closed list of sources, their fields, and the words each field knows."""

from typing import Final

from scoring.rules import Item, Source, Standard
from scoring.rules.kinds import Constant, Threshold
from scoring.standard_file.place import Place

ACTIVITY_KINDS: Final = (
    "congress",
    "standing_committee",
    "training",
    "lecture",
    "sharing",
    "bright_ideas",
    "seminar",
    "field_visit",
    "tour",
    "group_activity",
    "inspection",
    "research",
    "enforcement_check",
    "appraisal",
    "hearing",
    "reception",
    "visit",
    "duty_report",
    "other",
)
ATTENDANCE_STATES: Final = (
    "present",
    "late",
    "left_early",
    "late_left",
    "leave",
    "absent",
    "exempt",
    "visitor",
)
TRUTH: Final = ("true", "false")
ANY_WORD: Final = ()
"""A field without a closed list."""
A_NUMBER: Final = ("number",)
"""A field whose values are decimals."""

FIELDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "attendance": {
        "kind": ACTIVITY_KINDS,
        "theme": ANY_WORD,
        "role": ("attendee", "speaker", "host"),
        "status": ATTENDANCE_STATES,
        "event": ATTENDANCE_STATES,
        "n": A_NUMBER,
    },
    "courseware": {"selected": TRUTH},
    "proposal": {
        "role": ("sole", "lead", "co"),
        "people": A_NUMBER,
        "filed": TRUTH,
        "fine": TRUTH,
        "key": TRUTH,
        "ref": ANY_WORD,
    },
    "media_report": {"level": ANY_WORD, "form": ANY_WORD, "ref": ANY_WORD},
    "honour": {"level": ANY_WORD, "ref": ANY_WORD},
    "assessment": {"award": A_NUMBER, "rate": A_NUMBER, "assessor": ANY_WORD},
}


def read_source(place: Place) -> Source:
    """Read one entry of an item's `sources`."""
    fields = place.fields(("from",), ("where",))
    origin = fields.get("from")
    name = None if origin is None else origin.one_of(tuple(FIELDS))
    condition = fields.get("where")
    if name is None or condition is None:
        return Source(name or "")
    allowed = FIELDS[name]
    where = []
    for field, wanted in condition.entries().items():
        if field in allowed:
            where.append((field, _read_values(wanted, allowed[field])))
        else:
            wanted.refuse(f"「{name}」没有字段「{field}」，这里可以写：{'、'.join(allowed)}。")
    return Source(name, tuple(where))


def items_without_source(standard: Standard) -> tuple[Item, ...]:
    """Return the items that no recorded fact can reach; the standard is ready for use when there are none.

    A constant needs no fact, and a threshold with `of` counts the facts of another item.
    """
    return tuple(item for item in standard.items if not item.sources and not _needs_no_source(item))


def _needs_no_source(item: Item) -> bool:
    return isinstance(item.rule, Constant) or (isinstance(item.rule, Threshold) and item.rule.of is not None)


def _read_values(place: Place, words: tuple[str, ...]) -> tuple[str, ...]:
    if not place.is_scalar:
        values = place.listed()
        if not values and place.is_list:
            place.refuse("列表里至少写一个值。")
    else:
        values = [place]
    return tuple(value for value in (_read_value(one, words) for one in values) if value is not None)


def _read_value(place: Place, words: tuple[str, ...]) -> str | None:
    if words == ANY_WORD:
        return place.text()
    if words == A_NUMBER:
        return None if place.number() is None else place.text()
    return place.one_of(words)
