"""Windows in which editors choose a representative or a station; they offer the user's areas only."""

from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from stations.models import Mandate, Representative, Station
from stations.policies import EDITS, reach
from stations.staff_views import rows_of


class NameFilterForm(BaseFilterForm):
    """One field that finds by name, and people also by pinyin or initials."""

    q = forms.CharField(
        label="查找", required=False, widget=forms.TextInput(attrs={"placeholder": "姓名、名称或拼音首字母"})
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that hold what was typed."""
        typed = self.cleaned_data.get("q", "").strip()
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        found = Q(name__icontains=typed)
        if objects.model is Representative:
            found |= Q(initials__startswith=typed.lower()) | Q(pinyin__startswith=typed.lower())
        return objects.filter(found)


class ScopedChooseMixin:
    """A list to choose from, with what tells two people of one name apart."""

    filter_form_class = NameFilterForm

    def get_object_list(self) -> QuerySet[Any]:
        self.model = self.model_class  # type: ignore[attr-defined]
        rows = rows_of(self)
        if self.model is Station:
            return rows.select_related("area")
        seats = Mandate.objects.filter(reach(self.request.user, EDITS)).select_related("area")  # type: ignore[attr-defined]
        return rows.prefetch_related(
            Prefetch("mandates", seats.order_by("-starts_on", "-pk"), to_attr="seats")
        )

    def apply_object_list_ordering(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """People in 姓名笔画 order, stations by area code."""
        return objects.order_by("area__code" if objects.model is Station else "stroke_key", "pk")

    @property
    def columns(self) -> list[Any]:
        named, *others = super().columns  # type: ignore[misc]
        named.label = "名称" if self.model_class is Station else "姓名"  # type: ignore[attr-defined]
        return [named, *others, Column("area", label="区域", accessor=_area)]


def _area(row: Any) -> str:
    if isinstance(row, Station):
        return str(row.area)
    return str(row.seats[0].area) if row.seats else ""


class ScopedChooseView(ScopedChooseMixin, chooser.ChooseView):
    """The window."""


class ScopedChooseResultsView(ScopedChooseMixin, chooser.ChooseResultsView):
    """The list in the window, after a search."""


class ScopedChosenView(chooser.ChosenView):
    """What was chosen; a row of another area answers 404."""

    def get_object(self, pk: Any) -> Any:
        self.model = self.model_class
        return get_object_or_404(rows_of(self), pk=pk)


class ScopedChosenMultipleView(chooser.ChosenMultipleView):
    """What was chosen, when several may be."""

    def get_objects(self, pks: Any) -> QuerySet[Any]:
        self.model = self.model_class
        return rows_of(self).filter(pk__in=pks)


class ScopedChooserViewSet(ChooserViewSet):
    """What both choosers share."""

    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
    chosen_view_class = ScopedChosenView
    chosen_multiple_view_class = ScopedChosenMultipleView
    edit_item_text = "修改"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses without creating: there is no form for it, and Wagtail's view breaks at a POST."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]

    per_page = 20


class RepresentativeChooserViewSet(ScopedChooserViewSet):
    """Choose a representative."""

    model = Representative
    icon = "user"
    choose_one_text = "选择代表"
    choose_another_text = "换一名代表"


class StationChooserViewSet(ScopedChooserViewSet):
    """Choose a station."""

    model = Station
    icon = "site"
    choose_one_text = "选择站点"
    choose_another_text = "换一个站点"


representative_chooser = RepresentativeChooserViewSet("representative_chooser")
station_chooser = StationChooserViewSet("station_chooser")
