"""人员与站点 in Wagtail's admin: lists and forms of people and places."""

from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from stations import forms, register_views, staff_views
from stations.models import (
    Area,
    AreaGrant,
    DeputyGroup,
    Mandate,
    ReceptionDay,
    Representative,
    RosterEntry,
    Station,
    Suspension,
    Term,
)
from stations.views.accounts import AccountView, ManyAccountsView

ABSENT = ("usage_url_name", "copy_url_name", "inspect_url_name", "delete_url_name")


class ScopedViewSet(ModelViewSet):
    """List, add, change and history; nothing else has an address (THREATS 12)."""

    index_view_class: Any = staff_views.ListView
    add_view_class = staff_views.AddView
    edit_view_class = staff_views.ChangeView
    history_view_class = staff_views.LogView
    add_to_reference_index = (
        False  # no list here shows uses, and each row that is saved would queue a task for it
    )
    copy_view_enabled = False
    search_backend_name = None
    add_form: Any = None
    change_form: Any = None
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.change_form if for_update else self.add_form

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return common | dict.fromkeys(self.absent(), None)

    def absent(self) -> tuple[str, ...]:
        """Return the names of the addresses that this viewset does not have."""
        return ABSENT

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
        ]


class RemovableViewSet(ScopedViewSet):
    """A viewset whose rows can be taken away again, through an operation: what was registered by mistake."""

    delete_view_class = staff_views.RemoveView

    def absent(self) -> tuple[str, ...]:
        return tuple(name for name in ABSENT if name != "delete_url_name")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("delete/<int:pk>/", self.delete_view, name="delete")]


class RepresentativeViewSet(RemovableViewSet):
    """代表, with mandate and group."""

    model = Representative
    icon = "user"
    index_view_class = staff_views.PeopleView
    edit_view_class = staff_views.ChangePersonView
    add_form, change_form = forms.NewRepresentativeForm, forms.RepresentativeForm
    delete_view_class = staff_views.RemovePersonView
    search_fields = ("name", "pinyin", "initials", "occupation")
    ordering = ("stroke_key", "pk")
    list_display = ("name", "occupation")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("import/", register_views.ImportRegisterView.as_view(), name="import"),
            path("import/blank/", register_views.BlankRegisterView.as_view(), name="blank"),
            path("import/<uuid:pending>/", register_views.PreviewRegisterView.as_view(), name="preview"),
            path("account/<int:pk>/", AccountView.as_view(), name="account"),
            path("accounts/", ManyAccountsView.as_view(), name="accounts"),
        ]


class MandateViewSet(RemovableViewSet):
    """任期: listed, added for a known person, and its days put right; a person's own form changes and ends the newest."""

    model = Mandate
    icon = "calendar"
    add_form, change_form = forms.NewMandateForm, forms.MandateForm
    delete_view_class = staff_views.RemoveMandateView
    list_display = ("representative", "area", "term", "starts_on", "ends_on")
    search_fields = ("representative__name", "representative__pinyin", "representative__initials")
    ordering = ("-starts_on", "representative__stroke_key", "pk")
    index_view_class = staff_views.listing("representative", "area", "term")


class SuspensionViewSet(RemovableViewSet):
    """暂停履职."""

    model = Suspension
    icon = "time"
    add_form, change_form = forms.NewSuspensionForm, forms.SuspensionForm
    delete_view_class = staff_views.RemoveSuspensionView
    list_display = ("mandate", "starts_on", "ends_on", "reason")
    search_fields = ("mandate__representative__name",)
    ordering = ("-starts_on", "pk")
    index_view_class = staff_views.listing("mandate__representative")


class DeputyGroupViewSet(RemovableViewSet):
    """代表小组."""

    model = DeputyGroup
    icon = "group"
    add_form = change_form = forms.DeputyGroupForm
    list_display = ("name", "term", "area")
    search_fields = ("name",)
    ordering = ("-term__number", "pk")
    index_view_class = staff_views.listing("term", "area")


class StationViewSet(RemovableViewSet):
    """联络站点."""

    model = Station
    icon = "site"
    add_form = change_form = forms.StationForm
    list_display = ("name", "kind", "area", "phone")
    search_fields = ("name", "address", "industry")
    ordering = ("area__code", "pk")
    index_view_class = staff_views.listing("area")


class RosterEntryViewSet(RemovableViewSet):
    """驻站代表."""

    model = RosterEntry
    icon = "list-ul"
    add_form, change_form = forms.NewRosterEntryForm, forms.RosterEntryForm
    delete_view_class = staff_views.RemoveRosterEntryView
    list_display = ("mandate", "station", "duty", "starts_on", "ends_on")
    search_fields = ("mandate__representative__name", "station__name")
    ordering = ("station__area__code", "station_id", "mandate__representative__stroke_key", "pk")
    index_view_class = staff_views.listing("station", "mandate__representative")


class ReceptionDayViewSet(RemovableViewSet):
    """接待日."""

    model = ReceptionDay
    icon = "calendar-alt"
    add_form, change_form = forms.NewReceptionDayForm, forms.ReceptionDayForm
    delete_view_class = staff_views.CancelReceptionView
    list_display = ("station", "starts_at", "ends_at", "topic")
    search_fields = ("station__name", "topic")
    ordering = ("-starts_at", "pk")
    index_view_class = staff_views.listing("station")


class TermViewSet(RemovableViewSet):
    """届."""

    model = Term
    icon = "history"
    add_form = change_form = forms.TermForm
    list_display = ("name", "number", "starts_on", "ends_on")
    ordering = ("-number",)


class AreaViewSet(RemovableViewSet):
    """区域."""

    model = Area
    icon = "globe"
    add_form, change_form = forms.NewAreaForm, forms.AreaForm
    list_display = ("name", "code", "level")
    search_fields = ("name", "code")
    ordering = ("path",)


class AreaGrantViewSet(RemovableViewSet):
    """区域授权: given and taken back, never changed."""

    model = AreaGrant
    icon = "key"
    add_form = change_form = forms.AreaGrantForm
    delete_view_class = staff_views.RevokeView
    list_display = ("user", "role", "area")
    search_fields = ("user__username", "user__display_name", "area__name")
    ordering = ("area__path", "role", "pk")
    index_view_class = staff_views.listing("user", "area")

    def absent(self) -> tuple[str, ...]:
        return (*super().absent(), "edit_url_name")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "edit"]

    def register_admin_url_finder(self) -> None:
        """There is no address to find: a grant has no form of its own."""


class PeopleAndPlaces(ViewSetGroup):
    """人员与站点, one entry of the admin's menu."""

    menu_label = "人员与站点"
    menu_icon = "group"
    menu_order = 150
    items = (
        RepresentativeViewSet("representatives"),
        MandateViewSet("mandates"),
        SuspensionViewSet("suspensions"),
        DeputyGroupViewSet("deputy_groups"),
        StationViewSet("stations"),
        RosterEntryViewSet("rosters"),
        ReceptionDayViewSet("receptions"),
        TermViewSet("terms"),
        AreaViewSet("areas"),
        AreaGrantViewSet("area_grants"),
    )
