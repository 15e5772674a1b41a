"""The staff's steps of an activity's life: another time, calling off, a copy. Each says first what will happen."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from portal.dates import cn_date, cn_span
from sessions.models import Activity, Attendance, SessionIndexPage
from sessions.operations import cancel_activity, clone_activity, clone_session, reschedule_activity
from sessions.permissions import alters
from sessions.reminders.offsets import in_words, offsets_of
from sessions.reminders.people import reach_of
from sessions.schedule_forms import CancelForm, CopyForm, MoveForm
from sessions.views.staff import ANNOUNCED, ActivityStepView

State = Activity.State
A_MONTH = timedelta(days=28)  # the proposed time of a copy: four weeks on, the same weekday


def when(activity: Activity) -> str:
    """Return the activity's time in words."""
    return f"{cn_date(activity.starts_at)} {cn_span(activity.starts_at, activity.ends_at)}"


class MoveActivityView(ActivityStepView):
    """改期: everything that is counted from the start moves with it."""

    page_title = "改期"
    form_class = MoveForm
    submit_button_label = "改期"

    def barred(self) -> str:
        """Leave what was announced to who may announce."""
        return "" if alters(self.request.user, self.activity) else ANNOUNCED

    def get_initial(self) -> dict[str, Any]:
        """Start from the present times."""
        at = self.activity.starts_at
        return {"starts_at": at, "ends_at": self.activity.ends_at, "seen": at.isoformat()}

    def consequences(self) -> list[str]:
        """Say who is told, and what moves."""
        said = [f"现在的时间是 {when(self.activity)}。"]
        if self.activity.state not in {State.DRAFT, State.OPEN}:
            return [f"这场活动{self.activity.get_state_display()}，不能再改期。"]
        if self.activity.state == State.DRAFT:
            return [*said, "还没有发布，不会通知任何人。"]
        offsets = "、".join(in_words(offset) for offset in offsets_of(self.activity)) or "无"
        return [
            *said,
            str(reach_of(self.activity)),
            f"还没有发出的提醒（{offsets}）改按新的时间发，签到时段一并移动。",
            "公开页面写明“已改期”和原定时间；订阅了日历的，日历会自动更新。",
        ]

    def perform(self, form: Any) -> str:
        """Move it."""
        moved = reschedule_activity(
            activity=self.activity,
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
            seen_start=form.cleaned_data["seen"],
            actor=self.request.user,  # type: ignore[arg-type]
        )
        messages.success(self.request, f"“{moved.title}”已改到 {when(moved)}。")
        return reverse("activity:index")


class CancelActivityView(ActivityStepView):
    """取消 with a reason."""

    page_title = "取消活动"
    form_class = CancelForm
    submit_button_label = "取消这场活动"
    explanation = "取消后不能恢复。页面和日历会写明已取消，没有到场的代表不会记为缺席。"

    def barred(self) -> str:
        """Leave what was announced to who may announce."""
        return "" if alters(self.request.user, self.activity) else ANNOUNCED

    def consequences(self) -> list[str]:
        """Say who is told, and what stays."""
        if self.activity.state != State.OPEN:
            if self.activity.state == State.DRAFT:
                return ["还没有发布，不会通知任何人。"]
            return [f"这场活动{self.activity.get_state_display()}，不能再取消。"]
        said = [str(reach_of(self.activity)), "还没有发出的提醒不再发。"]
        came = Attendance.objects.filter(activity=self.activity).came().count()
        return [*said, f"已有 {came} 人签到，记录会留下，但不再计入。"] if came else said

    def perform(self, form: Any) -> str:
        """Call it off."""
        reason = form.cleaned_data["reason"]
        cancel_activity(activity=self.activity, reason=reason, actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, f"“{self.activity.title}”已取消。")
        return reverse("activity:index")


class CopyActivityView(ActivityStepView):
    """再办一次: a draft after the pattern of this one; with its page where the user may write pages."""

    page_title = "复制为新的一场"
    form_class = CopyForm
    submit_button_label = "复制为草稿"
    explanation = "新的一场是草稿，公众和代表都看不到，改好再发布。"

    def get_initial(self) -> dict[str, Any]:
        """Propose four weeks later."""
        return {
            "starts_at": self.activity.starts_at + A_MONTH,
            "ends_at": self.activity.ends_at + A_MONTH,
        }

    def consequences(self) -> list[str]:
        """Say what comes along and what does not."""
        words = "页面的内容介绍、议程、主讲人，" if self.with_page else ""
        return [
            f"带过去：{words}地点、名额、签到时限和参加方式。",
            "应到和邀请名单按新日期的小组、驻站和区域重新编；单独列入的代表，当天在任的才列入。",
            "不带过去：报名、签到名册、签到码、线上会议地址、问答和金点子。",
        ]

    @property
    def with_page(self) -> bool:
        """Whether there is a page to copy and the user may put one beside it."""
        index = SessionIndexPage.objects.first()
        writes = index is not None and index.permissions_for_user(self.request.user).can_add_subpage()
        return bool(writes and hasattr(self.activity, "page"))

    def perform(self, form: Any) -> str:
        """Copy it and lead to where it is worked on."""
        facts = {
            "starts_at": form.cleaned_data["starts_at"],
            "ends_at": form.cleaned_data["ends_at"],
            "actor": self.request.user,
        }
        if self.with_page:
            page = clone_session(page=self.activity.page, number=form.cleaned_data["number"], **facts)
            messages.success(self.request, "已复制为草稿，请核对内容后送审或发布。")
            return reverse("wagtailadmin_pages:edit", args=[page.pk])
        copy = clone_activity(activity=self.activity, **facts)
        day = f"{timezone.localtime(copy.starts_at):%Y-%m-%d}"
        messages.success(self.request, f"已复制为 {day} 的草稿。")
        return reverse("activity:edit", args=[copy.pk])
