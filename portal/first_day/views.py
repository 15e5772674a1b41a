"""开通清单 in the admin: the panel of its home, the whole list under 帮助, putting it away and bringing it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from portal.first_day.lines import Checklist, checklist_of
from portal.first_day.operations import bring_back, put_away
from portal.follow.permissions import for_keepers, keeps_subscriptions


class FirstDayPanel(Component):
    """What is still to be done, on the admin's home."""

    name = "first_day"
    template_name = "portal/first_day/panel.html"
    order = 100  # before everything else

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"checklist": self.checklist, "csrf_token": parent_context["csrf_token"]}


def panel_for(request: HttpRequest) -> FirstDayPanel | None:
    """Return the panel for who keeps the whole installation, until all is done or somebody puts it away (1 query)."""
    site = Site.find_for_request(request)
    if site is None or not keeps_subscriptions(request.user):
        return None
    checklist = checklist_of(site, request.user)  # type: ignore[arg-type]
    return FirstDayPanel(checklist) if checklist.to_do and not checklist.away else None


@method_decorator(for_keepers, name="dispatch")
class FirstDayView(WagtailAdminTemplateMixin, TemplateView):
    """The whole list, put away or not."""

    template_name = "portal/first_day/page.html"
    page_title = "开通清单"
    header_icon = "list-ul"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = Site.find_for_request(self.request)
        return super().get_context_data(**kwargs) | {"checklist": checklist_of(site, self.request.user)}  # type: ignore[arg-type]


@for_keepers
@require_POST
def put_list_away(request: HttpRequest) -> HttpResponse:
    """Take the list off the home of the admin."""
    put_away(site=Site.find_for_request(request), actor=request.user)  # type: ignore[arg-type]
    messages.success(request, "开通清单已经收起。要再看，打开左边的“帮助 → 开通清单”。")
    return redirect("first_day")


@for_keepers
@require_POST
def bring_list_back(request: HttpRequest) -> HttpResponse:
    """Put the list onto the home of the admin again."""
    bring_back(site=Site.find_for_request(request), actor=request.user)  # type: ignore[arg-type]
    messages.success(request, "开通清单已经放回后台首页；全部办完以后，它自己不再显示。")
    return redirect("first_day")
