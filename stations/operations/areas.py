"""Writes of the tree of areas: what a code is and where a node stands.

Nothing of ours is found by a code or keeps a path (rows refer to the node itself), so a code that was typed wrong can
be corrected at any time. The law of the shape is kept here and not by the database: an installation may hold codes of
before, and the one writer is this module.
"""

import re
import unicodedata

from django.db import transaction

from portal.audit import record
from portal.models import User
from stations.models import Area
from stations.operations.refusal import PersonRefused

Level = Area.Level
SIX, NINE = re.compile("[1-9][0-9]{5}"), re.compile("[1-9][0-9]{8}")
# Townships have the six digits of their county and three more (GB/T 10114); all above have six (GB/T 2260).
SHAPES = {
    Level.MUNICIPALITY: (SIX, "地级市的区划代码应为 6 位数字，例如 410000。"),
    Level.COUNTY: (SIX, "县（市、区）的区划代码应为 6 位数字，例如 410001。"),
    Level.TOWNSHIP: (
        NINE,
        "乡镇、街道的区划代码应为 9 位数字：所在县（市、区）的 6 位，再加 3 位，例如 410001001。",
    ),
}
DEPTHS = [Level.MUNICIPALITY, Level.COUNTY, Level.TOWNSHIP]


class CodeUnlikeBranch(PersonRefused):
    """A code does not begin as those around it; right for an area kept in trust, else a slip: the office may insist."""


def checked_code(code: str, level: str, *, besides: Area | None = None) -> str:
    """Return the code as it is stored: without spaces, full-width digits as plain ones.

    Raises PersonRefused when it is no code of the level (SHAPES) or belongs to another area than `besides`.
    """
    code = _plain(code)
    shape, said = SHAPES[Level(level)]
    if not shape.fullmatch(code):
        raise PersonRefused(said)
    other = Area.objects.filter(code=code).exclude(pk=besides.pk if besides else None).first()
    if other:
        raise PersonRefused(f"代码 {code} 已经登记为“{other}”，请核对。")
    return code


def significant(code: str) -> str:
    """Return what the codes below begin with: 410000 gives 41, 411000 gives 4110, 411081 itself."""
    return re.sub("(00){1,2}$", "", code) if len(code) == 6 else code


@transaction.atomic
def add_area(
    *,
    code: str,
    name: str,
    level: str,
    parent: Area | None,
    actor: User | None = None,
    insist: bool = False,
) -> Area:
    """Add a node to the tree of areas below `parent`, or as a root; return it.

    Raises PersonRefused for a code that is none of the level or is taken, for a level that does not lie below that of
    the parent, and CodeUnlikeBranch for a code that does not begin with the parent's, unless `insist`.
    """
    if parent:
        # The row is the lock: a parent that is being removed, or got another child, is not the one that was chosen.
        known = Area.objects.select_for_update().filter(pk=parent.pk).first()
        if known is None:
            raise PersonRefused(f"“{parent}”已经删除，请另选上级区域。")
        parent = known
        if DEPTHS.index(Level(level)) <= DEPTHS.index(Level(parent.level)):
            raise PersonRefused(
                f"“{parent}”是{parent.get_level_display()}，下面不能再有{Level(level).label}，请核对层级和上级区域。"
            )
    code = checked_code(code, level)
    if parent and not insist and not code.startswith(significant(parent.code)):
        raise CodeUnlikeBranch(
            f"{code} 不以“{parent}”（{parent.code}）的 {significant(parent.code)} 开头，请核对代码和上级区域。"
        )
    node = Area(code=code, name=_checked_name(name), level=level)
    area: Area = parent.add_child(instance=node) if parent else Area.add_root(instance=node)
    record("stations.change", area, actor=actor, code=code)
    return area


@transaction.atomic
def change_area(*, area: Area, name: str, code: str, actor: User | None, insist: bool = False) -> Area:
    """Give an area another name, or the code it should have had; return it as it stands in the tree now.

    A code that stays as it is is not looked at. Raises as `add_area`; CodeUnlikeBranch also when areas below begin
    with the code of before.
    """
    area = Area.objects.select_for_update().get(pk=area.pk)
    was, area.name = area.code, _checked_name(name)
    if _plain(code) != was:
        area.code = checked_code(code, area.level, besides=area)
        if not insist:
            _refuse_unlike(area)
    area.save(update_fields=["name", "code"])
    if area.code == was:
        record("stations.change", area, actor=actor)
        return area
    area.move(area, "sorted-sibling")  # the tree stands in the order of codes
    area = Area.objects.get(pk=area.pk)
    record("stations.change", area, actor=actor, code=area.code, was=was)
    return area


def _refuse_unlike(area: Area) -> None:
    parent = area.get_parent()
    if parent and not area.code.startswith(significant(parent.code)):
        raise CodeUnlikeBranch(
            f"{area.code} 不以上级“{parent}”（{parent.code}）的 {significant(parent.code)} 开头，请核对。"
        )
    below = area.get_children().exclude(code__startswith=significant(area.code))
    if other := below.first():
        raise CodeUnlikeBranch(
            f"下级区域中有 {below.count()} 个代码不以 {significant(area.code)} 开头，例如“{other}”（{other.code}），请核对。"
        )


def _checked_name(name: str) -> str:
    if not name.strip():
        raise PersonRefused("请填写区域名称。")
    return name.strip()


def _plain(code: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code))
