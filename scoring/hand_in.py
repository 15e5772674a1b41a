"""Reads of hand-ins: what a representative handed in with what became of it, and who may see its photo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from scoring.models import Honour, MediaReport
from scoring.permissions import AREA_OF
from stations.models import Representative
from stations.permissions import READS_SCORES, scope

KINDS: Mapping[str, type[MediaReport] | type[Honour]] = {"report": MediaReport, "honour": Honour}
SHOWN = 60


@dataclass(frozen=True, slots=True)
class HandIn:
    """One row of a representative's list."""

    kind: str
    row: Any
    what: str
    day: date

    @property
    def open(self) -> bool:
        """Whether it may still be taken back."""
        return bool(self.row.state == self.row.State.SUBMITTED)


def hand_ins_of(person: Representative) -> list[HandIn]:
    """Return what a person handed in, the latest first (2 queries)."""
    mine = Q(handed_in_by=person.user_id)
    reports = MediaReport.objects.filter(mine).select_related("outlet").order_by("-handed_in_at")[:SHOWN]
    honours = Honour.objects.filter(mine).order_by("-handed_in_at")[:SHOWN]
    rows = [
        HandIn("report", row, f"专题报道 · {row.outlet or '媒体待定'}", row.published_on) for row in reports
    ]
    rows += [
        HandIn("honour", row, f"履职荣誉 · {row.get_level_display()}", row.awarded_on) for row in honours
    ]
    return sorted(rows, key=lambda each: each.row.handed_in_at, reverse=True)


def photo_seen_by(user: Any, kind: str, pk: int) -> Any | None:
    """Return the row whose photo `user` may see: who handed it in, and who reads the score of its people; None else."""
    model = KINDS.get(kind)
    if model is None:
        return None
    seen = Q(handed_in_by=user) | scope(user, READS_SCORES, AREA_OF[model])
    return model._default_manager.exclude(evidence="").filter(seen, pk=pk).first()
