"""A place in the file: a node, the path that leads to it, and typed readings that report what is wrong."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar
from unicodedata import category

import yaml

from scoring.rules import Clamp
from scoring.standard_file.nodes import is_null, line_of
from scoring.standard_file.problems import Problem

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_DIGITS: Final = 60
MAX_TEXT: Final = 20_000

Word = TypeVar("Word", bound=str)


def has_controls(text: str) -> bool:
    """Say whether a text holds control characters other than a line break or tab, or half a surrogate pair."""
    return any(category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text)


@dataclass(frozen=True, slots=True)
class Place:
    """One node. Readings answer with the value, or report a problem and answer None."""

    node: yaml.Node
    path: str
    problems: list[Problem]

    def refuse(self, message: str) -> None:
        """Report a problem at this place."""
        self.problems.append(Problem(self.line, self.path, message))

    @property
    def line(self) -> int:
        """The line the node starts on, from 1."""
        return line_of(self.node)

    @property
    def is_mapping(self) -> bool:
        """Say whether keys stand here."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Say whether a list stands here."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_scalar(self) -> bool:
        """Say whether one word or number stands here."""
        return isinstance(self.node, yaml.ScalarNode)

    def text(self) -> str | None:
        """Read one word or sentence as it is written."""
        if not isinstance(self.node, yaml.ScalarNode) or is_null(self.node):
            self.refuse("这里要写一个词或一句话。")
            return None
        value = str(self.node.value)
        if not value.strip():
            self.refuse("这里要写一个词或一句话。")
            return None
        if len(value) > MAX_TEXT:
            self.refuse(f"文字超过 {MAX_TEXT} 字。")
            return None
        if has_controls(value):
            self.refuse("文字里有不能使用的控制字符。")
            return None
        return value

    def number(self) -> Decimal | None:
        """Read a finite decimal, written `-?digits(.digits)?`."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else None
        if value is None or NUMBER.fullmatch(value) is None:
            shown = f"「{value[:MAX_DIGITS]}」" if value else ""
            self.refuse(f"这里要写十进制数，如 7.5{f'；{shown}不是' if shown else ''}。")
            return None
        if len(value) > MAX_DIGITS:
            self.refuse(f"数字超过 {MAX_DIGITS} 位。")
            return None
        return Decimal(value)

    def number_from(self, least: int, *, above: bool = False) -> Decimal | None:
        """Read a number that is at least `least`, or above it."""
        value = self.number()
        if value is not None and (value < least or (above and value == least)):
            self.refuse(f"这里要写{'大于' if above else '不小于'} {least} 的数。")
            return None
        return value

    def day(self) -> date | None:
        """Read a day, written 2026-03-01."""
        value = self.text()
        if value is None:
            return None
        try:
            if DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.refuse(f"「{value}」不是日期，请写成 2026-03-01 的样子。")
        return None

    def one_of(self, words: Collection[Word]) -> Word | None:
        """Read one word of a closed list."""
        value = self.text()
        found = next((word for word in words if word == value), None)
        if value is not None and found is None:
            self.refuse(f"「{value}」不在可用的词里：{'、'.join(words)}。")
        return found

    def flag(self) -> bool | None:
        """Read `true` or `false`."""
        word = self.one_of(("true", "false"))
        return None if word is None else word == "true"

    def listed(self) -> list["Place"]:
        """Read a list; [] with a problem when there is none."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("这里要写一个列表。")
            return []
        return [
            Place(node, f"{self.path}[{place}]", self.problems) for place, node in enumerate(self.node.value)
        ]

    def words(self, *, may_be_empty: bool = True) -> tuple[str, ...]:
        """Read a list of words, none twice."""
        places = self.listed()
        if not places and self.is_list and not may_be_empty:
            self.refuse("列表里至少写一个词；不需要时去掉这个键。")
        words: list[str] = []
        for place in places:
            word = place.text()
            if word is not None and word in words:
                place.refuse(f"「{word}」写了两次。")
            elif word is not None:
                words.append(word)
        return tuple(words)

    def entries(self) -> dict[str, "Place"]:
        """Read a mapping's keys, a second one of the same name refused; {} with a problem when there is none."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("这里要写“键: 值”。")
            return {}
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                Place(key, self.path, self.problems).refuse("键要写成一个词。")
                continue
            if has_controls(key.value) or "\n" in key.value:
                Place(key, self.path, self.problems).refuse("键里有不能使用的控制字符。")
                continue
            path = f"{self.path}.{key.value}".lstrip(".")
            if key.value in found:
                Place(key, path, self.problems).refuse(f"键「{key.value}」写了两次。")
                continue
            found[key.value] = Place(value, path, self.problems)
        return found

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> "Fields":
        """Read a mapping with known keys: reports what is missing and what is not known."""
        entries = self.entries()
        known = (*required, *optional)
        if isinstance(self.node, yaml.MappingNode):
            keys = {key.value: key for key, _value in self.node.value if isinstance(key, yaml.ScalarNode)}
            for name in entries:
                if name not in known:
                    stray = Place(keys[name], entries[name].path, self.problems)
                    stray.refuse(f"不认识的键「{name}」，这里可以写：{'、'.join(known)}。")
            for name in required:
                if name not in entries or is_null(entries[name].node):
                    self.refuse(f"缺少「{name}」。")
        said = {name: place for name, place in entries.items() if name in known and not is_null(place.node)}
        return Fields(self, said)


@dataclass(frozen=True, slots=True)
class Fields:
    """The known keys of a mapping that say something (a plain `null` says nothing)."""

    place: Place
    said: dict[str, Place] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.said

    def get(self, name: str) -> Place | None:
        """Return the place of a key, None where it is left out."""
        return self.said.get(name)

    def text(self, name: str) -> str | None:
        """Read a word, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.text()

    def number(self, name: str) -> Decimal | None:
        """Read a number, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.number()

    def number_from(self, name: str, least: int, *, above: bool = False) -> Decimal | None:
        """Read a number with a least value, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.number_from(least, above=above)

    def one_of(self, name: str, words: Collection[Word]) -> Word | None:
        """Read a word of a closed list, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.one_of(words)

    def day(self, name: str) -> date | None:
        """Read a day, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.day()

    def listed(self, name: str) -> Iterator[Place]:
        """Read the members of a list, none where it is left out."""
        place = self.get(name)
        return iter(() if place is None else place.listed())

    def words(self, name: str) -> tuple[str, ...]:
        """Read a list of words, () where it is left out."""
        place = self.get(name)
        return () if place is None else place.words()

    def tags(self, name: str) -> tuple[str, ...] | None:
        """Read a list of one or more words, None where it is left out."""
        place = self.get(name)
        return None if place is None else place.words(may_be_empty=False)

    def clamp(self, low: str = "min", high: str = "max") -> Clamp:
        """Read a range; one whose low side is above its high side is refused."""
        clamp = Clamp(self.number(low), self.number(high))
        if clamp.low is not None and clamp.high is not None and clamp.low > clamp.high:
            self.said[low].refuse(f"{low} 大于 {high}。")
        return clamp
