"""The staff's page of reminders: when people are told, what is in the outbox, trying again (THREATS 42)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.stale_forms import TellsOfOthers
from sessions.models import Activity, Notice
from sessions.operations import send_again, set_reminders
from sessions.permissions import planned_by
from sessions.reminders.offsets import in_words, offsets_of, usual
from sessions.schedule_forms import RemindersForm
from sessions.views.staff import ActivityStepView

PAGE = 50


class RemindersView(TellsOfOthers, ActivityStepView):
    """提醒与通知 of one activity."""

    template_name = "sessions/admin/reminders.html"
    page_title = "提醒与通知"
    form_class = RemindersForm
    header_icon = "mail"
    submit_button_label = "保存提醒时间"

    def held(self) -> Activity:
        """Return the activity, locked, as it is now."""
        held = planned_by(self.request.user).select_for_update(of=("self",))
        self.activity = get_object_or_404(held, pk=self.kwargs["pk"])
        return self.activity

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the installation's offsets."""
        words = "、".join(in_words(offset) for offset in usual()) or "不提醒"
        return super().get_form_kwargs() | {"usual": words}

    def get_initial(self) -> dict[str, Any]:
        """Start from what holds now."""
        hours = ", ".join(f"{offset / 60:g}" for offset in offsets_of(self.activity))
        return {"own": "yes" if self.activity.own_reminders else "no", "hours": hours}

    def perform(self, form: Any) -> str:
        """Keep the offsets."""
        set_reminders(activity=self.activity, offsets=form.offsets, actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, "提醒时间已保存。")
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the outbox: its sums and one page of it, no address and no number."""
        notices = Notice.objects.filter(activity=self.activity)
        counted = notices.order_by().values_list("state").annotate(n=Count("pk"))
        sums = [(Notice.State(state).label, n) for state, n in sorted(counted)]
        rows = notices.select_related("representative").order_by("-pk")
        return super().get_context_data(**kwargs) | {
            "activity": self.activity,
            "sums": sums,
            "failed": any(state == Notice.State.FAILED for state, _ in counted),
            "rows": Paginator(rows, PAGE).get_page(self.request.GET.get("p")),
        }


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let what was given up be sent again."""
    activity = get_object_or_404(planned_by(request.user), pk=pk)
    number = send_again(activity=activity, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{number} 条会在一分钟内重新发送。" if number else "没有需要重新发送的。")
    return redirect(reverse("activity:reminders", args=[pk]))
