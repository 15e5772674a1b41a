"""The staff's pages of series and tours: their sessions and stops, making several at once, the order of a route."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from portal.dates import cn_date, cn_time
from sessions.forms import StopForm
from sessions.models import Activity, Series, SessionIndexPage, Tour
from sessions.operations import ActivityRefused, add_stop, create_sessions_of, order_stops
from sessions.permissions import PLANS, listed_for, planned_by
from sessions.schedule_forms import SeriesPlanForm
from sessions.views.staff import StepView
from stations.permissions import holds_anywhere


class PlannersStepView(StepView):
    """A step for who plans somewhere; everybody else is led out of it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for a grant to plan in any area; rows are narrowed further."""
        if not holds_anywhere(request.user, PLANS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class SeriesPlanView(PlannersStepView):
    """一次建好若干期: dates are proposed and looked at, then all drafts are made."""

    template_name = "sessions/admin/series_plan.html"
    page_title = "一次建好若干期"
    form_class = SeriesPlanForm
    submit_button_label = "排出各期时间"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for the right to write below the section of sessions too."""
        self.series = get_object_or_404(Series, pk=kwargs["pk"])
        index = SessionIndexPage.objects.first()
        if index is None or not index.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Name the series."""
        return self.series.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose sessions may be the pattern."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show the dates; make the sessions once exactly these were seen."""
        if form.settled:
            return super().form_valid(form)
        data = self.request.POST.copy()
        data["dates"] = data["seen"] = form.as_text
        again = SeriesPlanForm(data, user=self.request.user)  # type: ignore[arg-type]
        again.is_valid()
        self.submit_button_label = f"建好这 {len(form.starts)} 期"
        return self.render_to_response(self.get_context_data(form=again))

    def perform(self, form: Any) -> str:
        """Make the drafts and lead to the list of the series."""
        pages = create_sessions_of(
            series=self.series,
            pattern=form.cleaned_data["pattern"],
            starts=form.starts,
            first_number=form.cleaned_data["first_number"],
            actor=self.request.user,  # type: ignore[arg-type]
        )
        messages.success(self.request, f"已建好 {len(pages)} 期草稿，每一期都可以单独修改。")
        return reverse("series:sessions", args=[self.series.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the dates in words, with what is to be noticed about them."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        preview = []
        for start in getattr(form, "starts", []):
            day = timezone.localdate(start)
            preview.append((f"{cn_date(start)} {cn_time(start)}", form.remarks.get(day, "")))
        return context | {"preview": preview, "series": self.series}


class SeriesSessionsView(PlannersStepView):
    """The sessions of a series in the user's areas, in order of time."""

    template_name = "sessions/admin/series_sessions.html"
    page_title = "系列的各期"
    form_class = forms.Form
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the series."""
        self.series = get_object_or_404(Series, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Name the series."""
        return self.series.title

    def perform(self, form: Any) -> str:
        """Nothing is saved here."""
        raise PermissionDenied

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions."""
        rows = listed_for(self.request.user).filter(series=self.series).select_related("area", "page")
        return super().get_context_data(**kwargs) | {
            "series": self.series,
            "rows": list(rows.order_by("starts_at", "pk")),
        }


class TourStopsView(PlannersStepView):
    """巡讲的各站: their order, one step up or down at a time, and the way to add one."""

    template_name = "sessions/admin/tour_stops.html"
    page_title = "巡讲的各站"
    form_class = forms.Form
    header_icon = "site"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the tour."""
        self.tour = get_object_or_404(Tour, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Name the tour."""
        return self.tour.title

    def stops(self) -> QuerySet[Activity]:
        """Return all stops in order; the route belongs to everybody, its activities to their areas."""
        return self.tour.stops.select_related("area").order_by("stop_number", "starts_at", "pk")

    def perform(self, form: Any) -> str:
        """Move one stop of the user's areas up or down, or close the gaps."""
        keys = [stop.pk for stop in self.stops()]
        if move := self.request.POST.get("move", ""):
            keys = self._moved(keys, move)
        order_stops(tour=self.tour, order=keys, actor=self.request.user)  # type: ignore[arg-type]
        return self.request.path

    def _moved(self, keys: list[int], move: str) -> list[int]:
        way, _, key = move.partition("-")
        place = next((at for at, each in enumerate(keys) if str(each) == key), None)
        other = None if place is None else place + {"up": -1, "down": 1}.get(way, 0)
        if place is None or other is None or other == place or not 0 <= other < len(keys):
            raise ActivityRefused("站点刚有变动，请刷新后再调整次序。")
        pair = [keys[place], keys[other]]
        if planned_by(self.request.user).filter(pk__in=pair).count() < len(pair):
            raise ActivityRefused("这两站不都在您负责的区域里，请联系代表工作委员会调整次序。")
        keys[place], keys[other] = keys[other], keys[place]
        return keys

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the stops, and which of them the user plans."""
        stops = list(self.stops())
        mine = set(planned_by(self.request.user).filter(tour=self.tour).values_list("pk", flat=True))
        numbers = [stop.stop_number for stop in stops]
        return super().get_context_data(**kwargs) | {
            "tour": self.tour,
            "stops": [(stop, stop.pk in mine) for stop in stops],
            "gaps": numbers != list(range(1, len(stops) + 1)),
        }


class AddStopView(PlannersStepView):
    """加一站: a draft activity at the end of the route."""

    page_title = "加一站"
    form_class = StopForm
    header_icon = "site"
    submit_button_label = "加为下一站"
    explanation = "新的一站排在路线最后，是草稿；编好名单后再发布。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the tour."""
        self.tour = get_object_or_404(Tour, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """Name the tour."""
        return self.tour.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose areas count."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> str:
        """Add it and lead back to the route."""
        stop = add_stop(tour=self.tour, actor=self.request.user, **form.facts())  # type: ignore[arg-type]
        messages.success(self.request, f"已加第 {stop.stop_number} 站。")
        return reverse("tour:stops", args=[self.tour.pk])
