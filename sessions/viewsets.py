"""Wagtail admin of activities: lists within the user's areas; every save is an operation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from portal.stale_forms import TellsOfOthers
from sessions.forms import ActivityChangeForm, ActivityForm
from sessions.models import Activity
from sessions.operations import ActivityRefused, change_activity, create_activity
from sessions.permissions import PLANS, alters, announces, listed_for, planned_by
from sessions.views.people import EnrolView, NamesView, PeopleView
from sessions.views.reminding import RemindersView, try_again
from sessions.views.schedule import CancelActivityView, CopyActivityView, MoveActivityView
from sessions.views.staff import ANNOUNCED, NewSessionView, OpenActivityView
from sessions.viewsets_belonging import SavedByOperation, SeriesViewSet, TourViewSet
from stations.permissions import READS_ROLLS, holds, holds_anywhere

State = Activity.State


def starts(activity: Activity) -> str:
    """Return the start as staff read it in a list: 2026-06-18 14:30."""
    return f"{timezone.localtime(activity.starts_at):%Y-%m-%d %H:%M}"


class ActivityCreateView(SavedByOperation, CreateView):
    """A new activity."""

    def save_instance(self) -> Activity:
        """Create a draft."""
        return create_activity(actor=self.request.user, **self.form.facts())


class ActivityEditView(TellsOfOthers, SavedByOperation, EditView):
    """An activity of the user's areas."""

    def get_queryset(self) -> QuerySet[Activity]:
        """Outside the user's areas an activity does not exist."""
        return planned_by(self.request.user)

    def save_instance(self) -> Activity:
        """Change what the form changed; the stored row is read again by the operation."""
        stored = self.get_queryset().get(pk=self.object.pk)  # the form has put its own area on the object
        if not alters(self.request.user, stored):
            raise ActivityRefused(ANNOUNCED)
        return change_activity(activity=self.object, actor=self.request.user, **self.form.facts())


class ActivityHistoryView(HistoryView):
    """What was done with an activity, and by whom."""

    any_permission_required = ["view"]

    def get_base_object_queryset(self) -> QuerySet[Activity]:
        """Outside the user's areas an activity does not exist."""
        return listed_for(self.request.user)


class ActivityIndexView(IndexView):
    """The list of activities in the user's areas."""

    def get_base_queryset(self) -> QuerySet[Activity]:
        """Only rows of the user's areas, with their area and page."""
        return listed_for(self.request.user).select_related("area", "page")

    def get_edit_url(self, instance: Activity) -> str | None:
        """Link to the form only where saving is possible."""
        if self._planned_now(instance) and alters(self.request.user, instance):
            return reverse("activity:edit", args=[instance.pk])
        return None

    @property
    def header_more_buttons(self) -> list[Any]:
        """Offer whole meetings, which come in as one spreadsheet, to who keeps rolls."""
        meetings = Button("会议出席", url=reverse("meetings"), icon_name="group", priority=40)
        keeps = holds_anywhere(self.request.user, READS_ROLLS)
        return [*super().header_more_buttons, *([meetings] if keeps else [])]

    def _planned_now(self, activity: Activity) -> bool:
        return activity.state in {State.DRAFT, State.OPEN} and self._plans(activity)

    def _plans(self, activity: Activity) -> bool:
        return holds(self.request.user, PLANS, activity.area)

    def get_list_more_buttons(self, instance: Activity) -> list[Any]:
        """Return what can be done with the row now."""
        steps: list[tuple[str, str, str]] = []
        if self._planned_now(instance):
            altered, draft = self.get_edit_url(instance), instance.state == State.DRAFT
            steps += [("修改", altered, "edit")] if altered else []
            names = [("参会名单", "people", "group"), ("提醒与通知", "reminders", "mail")]
            if draft and announces(self.request.user, instance):
                names.append(("发布", "open", "check"))
            elif altered and not draft:
                names.append(("改期", "move", "date"))
            names += [("取消活动", "cancel", "cross")] if altered else []
            steps += [
                (label, reverse(f"activity:{name}", args=[instance.pk]), icon) for label, name, icon in names
            ]
        if hasattr(instance, "page"):
            steps.append(
                ("编辑页面", reverse("wagtailadmin_pages:edit", args=[instance.page.pk]), "doc-full")
            )
        keeps = holds(self.request.user, READS_ROLLS, instance.area)
        if keeps and instance.state in {State.OPEN, State.CLOSED}:
            steps.append(("签到名册", reverse("roll", args=[instance.pk]), "list-ul"))
        if keeps and instance.state == State.OPEN:
            steps.append(("签到大屏", reverse("wall", args=[instance.door]), "desktop"))
        if self._plans(instance):
            steps.append(("复制为新的一场", reverse("activity:copy", args=[instance.pk]), "copy"))
        steps.append(("经过", reverse("activity:history", args=[instance.pk]), "history"))
        return [
            Button(label, url=url, icon_name=icon, priority=10 * order)
            for order, (label, url, icon) in enumerate(steps)
        ]


class ActivityViewSet(ModelViewSet):
    """活动."""

    model = Activity
    name = "activity"
    icon = "date"
    menu_label = "活动"
    index_view_class = ActivityIndexView
    add_view_class = ActivityCreateView
    edit_view_class = ActivityEditView
    history_view_class = ActivityHistoryView
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "title",
        "kind",
        Column("starts", label="开始", accessor=starts, sort_key="starts_at"),
        "place",
        "area",
        "state",
    ]
    list_filter = ["state", "kind"]
    search_fields = ["title", "place", "theme"]
    search_backend_name = None
    ordering = "-starts_at"
    list_per_page = 30

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """Creating asks less than changing: the minutes of checking in start from their defaults."""
        return ActivityChangeForm if for_update else ActivityForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer neither deleting nor usage: an activity is called off, never removed."""
        none = {"delete_url_name": self.UNDEFINED, "usage_url_name": self.UNDEFINED}
        return dict(super().get_common_view_kwargs(**none, **kwargs))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses of the list, the forms, the history and the steps."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            path("open/<int:pk>/", OpenActivityView.as_view(), name="open"),
            path("cancel/<int:pk>/", CancelActivityView.as_view(), name="cancel"),
            path("move/<int:pk>/", MoveActivityView.as_view(), name="move"),
            path("copy/<int:pk>/", CopyActivityView.as_view(), name="copy"),
            path("people/<int:pk>/", PeopleView.as_view(), name="people"),
            path("enrol/<int:pk>/", EnrolView.as_view(), name="enrol"),
            path("names/<int:pk>/", NamesView.as_view(), name="names"),
            path("reminders/<int:pk>/", RemindersView.as_view(), name="reminders"),
            path("send-again/<int:pk>/", try_again, name="send_again"),
        ]


class PlannersMenuItem(MenuItem):
    """Shown to who plans somewhere."""

    def is_shown(self, request: Any) -> bool:
        """Whether the user may plan in any area."""
        return holds_anywhere(request.user, PLANS)


class NewSessionViewSet(ViewSet):
    """新建分享会."""

    name = "new_session"
    icon = "plus"
    menu_label = "新建分享会"
    menu_item_class = PlannersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the one address."""
        return [path("", NewSessionView.as_view(), name="new")]


class SessionsViewSetGroup(ViewSetGroup):
    """分享会与活动."""

    menu_label = "分享会与活动"
    menu_icon = "date"
    menu_order = 150
    items = (NewSessionViewSet(), ActivityViewSet(), SeriesViewSet(), TourViewSet())


class ActivityFilter(BaseFilterForm):
    """Search of the chooser by name."""

    q = forms.CharField(label="名称", required=False)

    def filter(self, objects: QuerySet[Activity]) -> QuerySet[Activity]:
        """Narrow by a part of the name."""
        objects = super().filter(objects)
        words = str(self.cleaned_data.get("q") or "").strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        return objects.filter(title__icontains=words)


class OfOwnAreas:
    """A view of the chooser that knows the user's areas only."""

    filter_form_class = ActivityFilter

    def get_object_list(self) -> QuerySet[Activity]:
        """Return what the user plans, the latest first."""
        return planned_by(self.request.user).order_by("-starts_at", "-pk")  # type: ignore[attr-defined]

    @property
    def columns(self) -> list[Column]:
        """Show the start, as titles repeat."""
        return [*super().columns, Column("starts", label="开始", accessor=starts)]  # type: ignore[misc]

    def get_object(self, pk: Any) -> Activity:
        """Raise DoesNotExist, which answers 404, outside the user's areas."""
        return planned_by(self.request.user).get(pk=pk)  # type: ignore[attr-defined]


class ActivityChooseView(OfOwnAreas, ChooseView):
    """The chooser."""


class ActivityChooseResultsView(OfOwnAreas, ChooseResultsView):
    """Its results."""


class ActivityChosenView(OfOwnAreas, ChosenView):
    """What was chosen."""


class ActivityChosenMultipleView(ChosenMultipleView):
    """What was chosen, when several may be."""

    def get_objects(self, pks: list[str]) -> QuerySet[Activity]:
        """Return those of the user's areas; Wagtail would give out any row by its number (THREATS 12)."""
        return planned_by(self.request.user).filter(pk__in=pks)


class ActivityChooserViewSet(ChooserViewSet):
    """Choosing an activity in a page's form."""

    model = Activity
    name = "activity_chooser"
    icon = "date"
    choose_one_text = "选择活动"
    choose_another_text = "换一场活动"
    edit_item_text = "修改这场活动"
    choose_view_class = ActivityChooseView
    choose_results_view_class = ActivityChooseResultsView
    chosen_view_class = ActivityChosenView
    chosen_multiple_view_class = ActivityChosenMultipleView

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses without creating: there is no form for it, and Wagtail's view breaks at a POST."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


sessions_group = SessionsViewSetGroup()
activity_chooser = ActivityChooserViewSet()
