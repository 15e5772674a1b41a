"""The words of notices: plain, one person's own, addresses of our own host only (THREATS 4, 35)."""

from django.conf import settings
from django.urls import reverse

from portal.dates import cn_date, cn_span, cn_time
from sessions.models import Activity, Enrolment, Notice

Kind = Notice.Kind
AS_WHAT = {
    Enrolment.Basis.OBLIGED: "您在应到名单里。不能到场的，请尽早请假。",
    Enrolment.Basis.INVITED: "您受邀参加。不能到场的，请在“我的履职”里点“不参加了”。",
    Enrolment.Basis.VOLUNTARY: "您已报名。不能到场的，请在“我的履职”里取消，把名额让给候补的代表。",
}


def when(activity: Activity) -> str:
    """Return the time in words: 2026 年 6 月 18 日（周四）14:30—16:30."""
    return f"{cn_date(activity.starts_at)} {cn_span(activity.starts_at, activity.ends_at)}"


def headline(notice: Notice) -> str:
    """Return the one line that says it all: subject of a letter, heading on 我的履职."""
    title = f"“{notice.activity.title}”"
    return {
        Kind.REMINDER: f"活动提醒：{title}",
        Kind.PROMOTED: f"{title}有名额了，您已报上名",
        Kind.MOVED: f"{title}改期了",
        Kind.CANCELLED: f"{title}已取消",
    }[Kind(notice.kind)]


def lines(notice: Notice, basis: str) -> list[str]:
    """Return what is to be known: time, place, and what to do. `basis` is why the person is on the list, or ""."""
    activity = notice.activity
    if notice.kind == Kind.CANCELLED:
        said = [f"原定时间：{when(activity)}", f"原因：{activity.cancel_reason}"]
        return [*said, "您不用到场，也不会记为缺席。"]
    said = [f"时间：{when(activity)}"]
    if notice.kind == Kind.MOVED and activity.moved_from:
        said.insert(0, f"原定时间：{cn_date(activity.moved_from)} {cn_time(activity.moved_from)}")
    if activity.place:
        said.append(f"地点：{activity.place}")
    if activity.mode != Activity.Mode.ONSITE:
        said.append("可以线上参加：从前一天起，登录“我的履职”能看到会议入口。")
    if basis in AS_WHAT:
        said.append(AS_WHAT[Enrolment.Basis(basis)])
    return said


def letter(notice: Notice, basis: str, *, site_name: str) -> str:
    """Return the text of an e-mail; its first line is the subject."""
    address = settings.PUBLIC_URL.rstrip("/") + reverse("me")
    body = "\n".join(lines(notice, basis))
    return (
        f"{headline(notice)}\n\n{notice.representative.name}代表，您好。\n\n{headline(notice)}。\n{body}\n\n"
        f"查看详情：{address}\n\n{site_name}\n这是系统发出的邮件，不用回复。"
    )


def message(notice: Notice) -> str:
    """Return the text of an SMS: one sentence and where to look; no name, no reason."""
    where = f"，{notice.activity.place}" if notice.activity.place else ""
    return f"{headline(notice)}。时间 {when(notice.activity)}{where}。详情请登录“我的履职”查看。"
