"""Wagtail admin of what activities belong to: series and tours; the saves are operations."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from portal.stale_forms import TellsOfOthers
from sessions.forms import SeriesForm
from sessions.models import Series, Tour
from sessions.operations import ActivityRefused, change_series, create_series
from sessions.permissions import PLANS
from sessions.views.belonging import AddStopView, SeriesPlanView, SeriesSessionsView, TourStopsView
from stations.permissions import holds_anywhere

KEPT = frozenset({"index", "index_results", "add", "edit", "history", "history_results"})


class SavedByOperation:
    """A create or edit view that hands the form to an operation and shows what it refuses above the form."""

    produced_error_code = "validation_error"
    produced_error_message = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose areas count."""
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc, attr-defined, no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, or say why not."""
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except ActivityRefused as refused:
            form.add_error(None, str(refused))
            self.produced_error_message = str(refused)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class SeriesCreateView(SavedByOperation, CreateView):
    """A new series."""

    def save_instance(self) -> Series:
        """Create it."""
        return create_series(actor=self.request.user, **self.form.facts())


class SeriesEditView(TellsOfOthers, SavedByOperation, EditView):
    """The words of a series."""

    def save_instance(self) -> Series:
        """Change them."""
        return change_series(series=self.object, actor=self.request.user, **self.form.facts())


class SeriesIndexView(IndexView):
    """The list of series."""

    def get_list_more_buttons(self, instance: Series) -> list[Any]:
        """Return the ways to the sessions, for who plans."""
        if not holds_anywhere(self.request.user, PLANS):
            return []
        steps = (
            ("各期", "sessions", "list-ul"),
            ("一次建好若干期", "plan", "plus"),
            ("修改", "edit", "edit"),
        )
        return [
            Button(
                label, url=reverse(f"series:{name}", args=[instance.pk]), icon_name=icon, priority=10 * order
            )
            for order, (label, name, icon) in enumerate(steps)
        ]


class SeriesViewSet(ModelViewSet):
    """系列; the sessions are activities."""

    model = Series
    name = "series"
    icon = "list-ol"
    menu_label = "系列"
    index_view_class = SeriesIndexView
    add_view_class = SeriesCreateView
    edit_view_class = SeriesEditView
    list_display = ["title", "theme", "summary"]
    search_fields = ["title"]
    search_backend_name = None
    add_to_reference_index = False
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """One form for both."""
        return SeriesForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer neither deleting nor usage."""
        none = {"delete_url_name": self.UNDEFINED, "usage_url_name": self.UNDEFINED}
        return dict(super().get_common_view_kwargs(**none, **kwargs))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses without deleting and usage, and those of the sessions."""
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in KEPT),
            path("sessions/<int:pk>/", SeriesSessionsView.as_view(), name="sessions"),
            path("plan/<int:pk>/", SeriesPlanView.as_view(), name="plan"),
        ]


class TourEditView(TellsOfOthers, EditView):
    """The words of a tour."""


class TourIndexView(IndexView):
    """The list of tours."""

    def get_list_more_buttons(self, instance: Tour) -> list[Any]:
        """Return the ways to the stops, for who plans."""
        if not holds_anywhere(self.request.user, PLANS):
            return []
        steps = (("各站", "stops", "list-ol"), ("加一站", "add_stop", "plus"), ("修改", "edit", "edit"))
        return [
            Button(
                label, url=reverse(f"tour:{name}", args=[instance.pk]), icon_name=icon, priority=10 * order
            )
            for order, (label, name, icon) in enumerate(steps)
        ]


class TourViewSet(ModelViewSet):
    """巡讲; the stops are activities."""

    model = Tour
    name = "tour"
    icon = "site"
    menu_label = "巡讲"
    index_view_class = TourIndexView
    edit_view_class = TourEditView
    form_fields = ["title", "summary"]
    list_display = ["title", "summary"]
    search_fields = ["title"]
    search_backend_name = None
    add_to_reference_index = False
    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer neither deleting nor usage."""
        none = {"delete_url_name": self.UNDEFINED, "usage_url_name": self.UNDEFINED}
        return dict(super().get_common_view_kwargs(**none, **kwargs))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses without deleting and usage, and those of the stops."""
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in KEPT),
            path("stops/<int:pk>/", TourStopsView.as_view(), name="stops"),
            path("add-stop/<int:pk>/", AddStopView.as_view(), name="add_stop"),
        ]
