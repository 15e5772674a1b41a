"""A few requests for leave in every state, so that the queue, the roll and the close have something to show."""

from datetime import datetime, timedelta

from portal.models import User
from sessions.models import Activity, Attendance, Enrolment, LeaveRequest
from sessions.operations import change_activity, decide_leave, file_leave
from stations.models import Representative

HOUR = timedelta(hours=1)
# (事由, 说明): before the open session; the first two are granted, the third is not, the others wait.
ASKED = (
    ("official", "赴省里参加业务培训，示例。"),
    ("travel", "外出洽谈订单，当晚返回，示例。"),
    ("other", "店里盘点，示例。"),
    ("sick", "感冒发热，示例。"),
    ("family", "家中老人需要照看，示例。"),
)
LATE = ("sick", "当天身体不适，事后补办，示例。")


def ask_for_leave(moment: datetime, office: User, recorder: User) -> None:
    """File for the session that is open, for one that comes and, late, for the last one held."""
    current = Activity.objects.filter(state="open", starts_at__gt=moment).order_by("starts_at").first()
    kept = ("sharing", "training", "lecture", "group_activity")
    held = Activity.objects.filter(state="closed", kind__in=kept, attendances__status="absent")
    last = held.order_by("-starts_at", "-pk").first()
    if current:
        _before_the_start(current, moment, office, recorder)
    if last:
        row = Attendance.objects.filter(activity=last, status="absent").order_by("pk")[0]
        _file(last, row.representative, LATE, office, moment - HOUR)
    _by_themselves(moment, office)


def _before_the_start(activity: Activity, moment: datetime, office: User, recorder: User) -> None:
    """By telephone: filed by one, decided by the other, as nobody decides on what they filed."""
    listed = Enrolment.objects.obliged().filter(activity=activity, representative__user=None)
    listed = listed.exclude(representative__attendances__activity=activity)
    people = [each.representative for each in listed.select_related("representative").order_by("pk")]
    for number, (person, words) in enumerate(zip(people, ASKED, strict=False)):
        request = _file(activity, person, words, office, moment - 20 * HOUR)
        if number < 3:
            decide_leave(
                request=request,
                approve=number < 2,
                actor=recorder,
                moment=moment - 18 * HOUR,
                reason="" if number < 2 else "请尽量调整时间，到会交流。",
            )


def _by_themselves(moment: datetime, office: User) -> None:
    """The representatives with an account: one waits for an answer about the next activity, which demands check-out."""
    coming = Enrolment.objects.obliged().filter(
        activity__state="open",
        activity__starts_at__gt=moment + 24 * HOUR,
        representative__user__isnull=False,
    )
    entry = (
        coming.select_related("activity", "representative__user").order_by("activity__starts_at", "pk").last()
    )
    if entry is None:
        return
    change_activity(activity=entry.activity, actor=office, check_out_required=True)
    file_leave(
        activity=entry.activity,
        representative=entry.representative,
        category="travel",
        detail="已订好出差的车票，示例。",
        actor=entry.representative.user,
        moment=moment - HOUR,
    )


def _file(
    activity: Activity, person: Representative, words: tuple[str, str], actor: User, moment: datetime
) -> LeaveRequest:
    category, detail = words
    return file_leave(
        activity=activity, representative=person, category=category, detail=detail, actor=actor, moment=moment
    )
