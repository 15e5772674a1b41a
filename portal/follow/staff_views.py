"""The office's pages: how many follow what, what could not be sent, forgetting an address. No list of addresses."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.follow.forms import EraseForm
from portal.follow.operations import erase, send_again
from portal.follow.permissions import for_keepers, keeps_subscriptions
from portal.follow.topics import labels_of
from portal.models import Delivery, Subscription

PAGE = 50
State = Subscription.State


class KeepersMenuItem(MenuItem):
    """The way to a page of this kind, shown to who keeps the subscriptions."""

    def is_shown(self, request: HttpRequest) -> bool:
        return keeps_subscriptions(request.user)


def topics_followed() -> list[dict[str, Any]]:
    """Return what is followed with the numbers of confirmed and waiting addresses, most followed first."""
    counted = (
        Subscription.objects.exclude(state=State.LEFT)
        .values("topic")
        .annotate(
            confirmed=Count("pk", filter=Q(state=State.CONFIRMED)),
            pending=Count("pk", filter=Q(state=State.PENDING)),
        )
        .order_by("-confirmed", "-pending", "topic")
    )
    rows = list(counted)
    labels = labels_of(row["topic"] for row in rows)
    return [{**row, "label": labels.get(row["topic"], f"已不再公开的内容（{row['topic']}）")} for row in rows]


@method_decorator(for_keepers, name="dispatch")
class FollowView(WagtailAdminTemplateMixin, TemplateView):
    """邮件订阅: the numbers, and what could not be sent."""

    template_name = "portal/follow/staff.html"
    page_title = "邮件订阅"
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Delivery.objects.given_up().select_related("follower", "page", "subscription")
        return super().get_context_data(**kwargs) | {
            "topics": topics_followed(),
            "rows": Paginator(rows, PAGE).get_page(self.request.GET.get("p")),
        }


@for_keepers
@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Let what was given up be sent again."""
    number = send_again(actor=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{number} 条会在一分钟内重新发送。" if number else "没有需要重新发送的。")
    return redirect("follow_staff")


@method_decorator(for_keepers, name="dispatch")
class EraseView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """删除邮箱, when its owner asks for it."""

    template_name = "portal/follow/erase.html"
    page_title = "按本人要求删除邮箱"
    header_icon = "bin"
    form_class = EraseForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = {"url": reverse("follow_staff"), "label": "邮件订阅"}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]

    def form_valid(self, form: Any) -> HttpResponse:
        number = erase(address=form.cleaned_data["address"], actor=self.request.user)  # type: ignore[arg-type]
        if number is None:
            form.add_error("address", "没有登记这个邮箱，请检查有没有写错。")
            return self.form_invalid(form)
        messages.success(self.request, f"已删除这个邮箱和它的 {number} 项订阅。")
        return HttpResponseRedirect(reverse("follow_staff"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "action_url": self.request.path,
            "submit_button_label": "删除",
            "submit_button_active_label": "正在处理…",
        }
