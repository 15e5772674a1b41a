"""What one line says of a person, as values, or what is wrong with it; areas and groups are those of the reader."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.models import User
from portal.spreadsheets.reading import squeezed
from stations.models import Area, DeputyGroup, Mandate, Representative, Term
from stations.permissions import Role, granted_areas
from stations.policies import EDITS, unlimited
from stations.register.cells import Unclear, day_of, name_of, nation_of, phone_of, sex_of, tags_of
from stations.register.reading import HEADERS, Line

ANOTHER, THE_SAME = "另一人", "同一人"
PRIVATE = ("phone", "birth_date")
COUNTED = 18  # years: who may be elected (选举法 Art. 4)
FIRST_BIRTH = date(1900, 1, 1)
SHOWN = 8  # names of a sentence


@dataclass(frozen=True, slots=True)
class Given:
    """What a line says: `facts` by the names of the models' fields, those alone that are told."""

    name: str
    sex: str
    area: Area
    starts_on: date
    facts: dict[str, Any]
    namesake: str = ""
    notes: tuple[str, ...] = ()

    @property
    def phone(self) -> str:
        """The number, "" for none."""
        return str(self.facts.get("phone", ""))

    @property
    def birth_date(self) -> date | None:
        """The day of birth, where it is told."""
        day: date | None = self.facts.get("birth_date")
        return day


class Reach:
    """Where a user may register people and read their private facts."""

    def __init__(self, user: User) -> None:
        self.all = unlimited(user)
        self.edited, self.offices = (
            tuple(root.path for root in granted_areas(user, roles)) for roles in (EDITS, (Role.OFFICE,))
        )

    def edits(self, area: Area) -> bool:
        """Whether people of `area` are kept by the user."""
        return self.all or area.path.startswith(self.edited)

    def is_office(self, area: Area) -> bool:
        """Whether private facts of people of `area` are."""
        return self.all or area.path.startswith(self.offices)


class Places:
    """The areas and groups that lines name (2 queries)."""

    def __init__(self, term: Term, reach: Reach) -> None:
        self.term, self.reach = term, reach
        self.areas: dict[str, list[Area]] = defaultdict(list)
        above: list[Area] = []
        for area in Area.objects.order_by("path"):
            above = [each for each in above if area.path.startswith(each.path)]
            full = "".join(each.name for each in above) + area.name
            for word in {area.code, squeezed(area.name), squeezed(full)}:
                self.areas[word].append(area)
            above.append(area)
        self.mine = [area for found in self.areas.values() for area in found if reach.edits(area)]
        groups = DeputyGroup.objects.filter(term=term).select_related("area").order_by("pk")
        self.groups = {squeezed(group.name): group for group in groups}

    def area(self, line: Line) -> Area:
        """Return the area of a line; where none is told, the electing unit may be one. Raises Unclear."""
        text = line.area or line.electing_unit
        named = self.areas.get(squeezed(text), [])
        found = [area for area in named if self.reach.edits(area)]
        if len(found) == 1:
            return found[0]
        if found:
            codes = "、".join(area.code for area in found)
            raise Unclear(f"有 {len(found)} 个区域叫“{text}”，请改写区划代码：{codes}。")
        if named:
            raise Unclear(f"“{text}”不在您负责的区域，请核对，或请那里的工作人员导入。")
        if not line.area:
            raise Unclear(f"请填写区域的名称或区划代码。{self._those()}")
        raise Unclear(f"没有叫“{text[:30]}”的区域，请核对名称或区划代码。{self._those()}")

    def group(self, text: str, area: Area | None) -> DeputyGroup:
        """Return the group that a line names. Raises Unclear."""
        group = self.groups.get(squeezed(text))
        if group is None or not self.reach.edits(group.area):
            raise Unclear(f"{self.term}没有叫“{text[:30]}”的小组，请核对，或先在“代表小组”里新建。")
        if area and not area.path.startswith(group.area.path):
            raise Unclear(f"“{group}”是{group.area}的小组，这位代表在{area}，请核对。")
        return group

    def _those(self) -> str:
        names = list(dict.fromkeys(area.name for area in self.mine))
        more = "等" if len(names) > SHOWN else ""
        return f"您负责的有：{'、'.join(names[:SHOWN])}{more}。" if names else ""


def given_of(line: Line, places: Places) -> tuple[Given | None, list[str]]:
    """Return what the line says, or None and what is wrong with it, each with the heading of the column."""
    if line.formulas:
        return None, [f"“{line.formulas}”是公式，请复制后粘贴为数值再传。"]
    if line.bare:
        return None, ["这一行只有姓名一格。是小标题或备注的，请删去这一行；是代表的，请补全。"]
    problems: list[str] = []

    def told(field: str, meant: Callable[[], Any], *, needed: bool = False) -> Any:
        if not (needed or getattr(line, field)):
            return None
        try:
            return meant()
        except Unclear as unclear:
            problems.append(f"{HEADERS[field][0]}：{unclear}")
            return None

    name = told("name", lambda: name_of(line.name, _longest(Representative, "name")), needed=True)
    sex = told("sex", lambda: sex_of(line.sex), needed=True)
    area = told("area", lambda: places.area(line), needed=True)
    starts_on = told("starts_on", lambda: _start(line.starts_on, places.term))
    born = told("birth_date", lambda: day_of(line.birth_date))
    facts = {
        "nation": told("nation", lambda: nation_of(line.nation)),
        "occupation": told("occupation", lambda: _short(line.occupation, Representative, "occupation")),
        "phone": told("phone", lambda: phone_of(line.phone)),
        "birth_date": born[0] if born and born[1] else None,
        "electing_unit": told("electing_unit", lambda: _short(line.electing_unit, Mandate, "electing_unit")),
        "group": told("group", lambda: places.group(line.group, area)),
        "starts_on": starts_on,
        "tags": told("tags", lambda: tags_of(line.tags)),
    }
    namesake = told("namesake", lambda: _namesake(line.namesake)) or ""
    begin = starts_on or places.term.starts_on
    if born and not FIRST_BIRTH <= born[0] <= begin.replace(
        year=begin.year - COUNTED, day=min(begin.day, 28)
    ):
        problems.append(f"出生日期：“{line.birth_date}”到任期开始时不满 {COUNTED} 岁，或者年份不对，请核对。")
    if area and (line.phone or line.birth_date) and not places.reach.is_office(area):
        problems.append("手机号、出生日期：由代表工作委员会填写，请清空这两列再传。")
    if problems:
        return None, problems
    notes = ("出生日期只写到月，登记时先空着",) if born and not born[1] else ()
    said = {field: value for field, value in facts.items() if value is not None}
    return Given(name, sex, area, begin, said, namesake, notes), []


def _start(text: str, term: Term) -> date:
    """Return the first day of a mandate; a month alone means its first day of the term."""
    day, whole = day_of(text)
    if not whole and (day.year, day.month) == (term.starts_on.year, term.starts_on.month):
        day = term.starts_on
    if day < term.starts_on or (term.ends_on and day > term.ends_on):
        until = f"至 {term.ends_on:%Y-%m-%d}" if term.ends_on else "起"
        raise Unclear(
            f"{day:%Y-%m-%d} 不在{term}之内（{term.starts_on:%Y-%m-%d} {until}），请核对，或换一届再传。"
        )
    return day


def _short(text: str, model: Any, field: str) -> str:
    longest = _longest(model, field)
    if len(text) > longest:
        raise Unclear(f"最多 {longest} 个字，现在有 {len(text)} 个，请写短一些。")
    return text


def _longest(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)


def _namesake(text: str) -> str:
    word = squeezed(text)
    if word not in {ANOTHER, THE_SAME}:
        raise Unclear(f"请写“{THE_SAME}”或“{ANOTHER}”，没有同名的空着。")
    return word
