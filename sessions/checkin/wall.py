"""What the screen in the hall shows at one moment, as values; the screen's own clock plays no part (rule 14)."""

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from sessions.checkin.codes import STEP, code_at
from sessions.checkin.rolls import RollSum, roll_sum
from sessions.models import Activity, Attendance

NAMES = 28  # four columns of seven
WEEKDAYS = "一二三四五六日"


def scan_address(activity: Activity, token: str) -> str:
    """Return what the QR holds: an absolute address of this site's own host, without ids or names (THREATS 4, 16)."""
    return settings.PUBLIC_URL + reverse("check_in_scan", args=(activity.door, token))


@lru_cache(maxsize=64)
def qr_svg(address: str) -> str:
    """Return the QR of `address` as SVG markup: whole modules, two of the four quiet ones (the card gives the rest)."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(border=2, dark="#24201c", omitsize=True, svgclass=None, lineclass=None))


def wall_at(activity: Activity, moment: datetime) -> dict[str, Any]:
    """Return all that the screen shows at `moment`, ready for JSON: code, figures, newest names (3 queries).

    Only `remaining_ms` says how long the code still stands; the screen counts down from it by itself.
    """
    local = timezone.localtime(moment)
    code = code_at(activity.check_in_key, moment) if takes_codes(activity, moment) else None
    figures = roll_sum(activity)
    everyone = figures.obliged or figures.expected
    return {
        "qr": qr_svg(scan_address(activity, code.token)) if code else "",
        "digits": f"{code.digits[:3]} {code.digits[3:]}" if code else "",
        "remaining_ms": code.remaining_ms if code else 0,
        "step_ms": STEP * 1000,
        "clock": f"{local:%H:%M}",
        "day": f"{local.month} 月 {local.day} 日 · 周{WEEKDAYS[local.weekday()]}",
        "came": figures.came,
        "everyone": everyone,
        "there": figures.obliged_came if figures.obliged else figures.came,
        "sums": _sums(figures, online=activity.mode != Activity.Mode.ONSITE),
        "names": _names(activity),
        "state": _state(activity, moment),
    }


def takes_codes(activity: Activity, moment: datetime) -> bool:
    """Whether a code shown now can be of use: the activity is open and self-service has not ended.

    Where check-out is demanded the same codes serve until an hour after the end (rule 6).
    """
    last = activity.check_out_until if activity.check_out_required else activity.late_until
    return activity.state == Activity.State.OPEN and not activity.locked and moment <= last


def etag_of(shown: dict[str, Any]) -> str:
    """Return the tag of all that changes by itself only with the code, not with every millisecond."""
    steady = {key: value for key, value in shown.items() if key != "remaining_ms"}
    return f'"{hashlib.sha256(json.dumps(steady, sort_keys=True).encode()).hexdigest()[:32]}"'


def _sums(figures: RollSum, *, online: bool) -> list[str]:
    there = [f"线上 {figures.online} 人"] if online else []
    if not figures.obliged:
        return [f"名单 {figures.expected} 人", *there]
    return [f"应到 {figures.obliged} 人", f"请假 {figures.excused} 人", f"未到 {figures.missing} 人", *there]


def _names(activity: Activity) -> list[dict[str, str]]:
    rows = Attendance.objects.filter(activity=activity, arrived_at__isnull=False).came()
    newest = rows.order_by("-arrived_at", "-pk").values_list("representative__name", "arrived_at")[:NAMES]
    return [{"name": name, "time": f"{timezone.localtime(at):%H:%M}"} for name, at in newest]


def _state(activity: Activity, moment: datetime) -> str:
    if activity.state == Activity.State.CANCELLED:
        return "这场活动已取消"
    if activity.state == Activity.State.CLOSED:
        return "签到已经结束"
    if moment < activity.opens_at:
        return f"{timezone.localtime(activity.opens_at):%H:%M} 开始签到"
    if activity.check_out_required and activity.check_out_from <= moment <= activity.check_out_until:
        return "散会时请扫码签退"
    if moment > activity.late_until:
        return "自助签到已截止，请到签到台登记"
    return ""
