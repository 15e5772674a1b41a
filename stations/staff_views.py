"""Wagtail's generic views with our two rules: rows of the user's areas only, every save through an operation."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from portal.stale_forms import TellsOfOthers
from stations.models import GroupMembership, Mandate
from stations.operations import (
    PersonRefused,
    cancel_reception,
    remove_mandate,
    remove_representative,
    remove_roster_entry,
    remove_suspension,
    remove_unused,
    revoke_grant,
    why_kept,
)
from stations.permissions import Role, granted_areas
from stations.policies import EDITS, gives_logins, office_of, reach, unlimited


def rows_of(view: Any) -> QuerySet[Any]:
    """Return the rows of the view's model that lie in its user's areas; another row answers 404 (THREATS 12)."""
    rows: QuerySet[Any] = policy_registry.get_by_type(view.model).rows(view.request.user)
    return rows


class ListView(generic.IndexView):
    """A list of the rows in the user's areas; `related` names what its columns show of other tables."""

    related: tuple[str, ...] = ()

    def user_has_permission(self, permission: str) -> bool:
        """Ask the policy once a page, not once a row."""
        answers = self.__dict__.setdefault("answers", {})
        if permission not in answers:
            answers[permission] = super().user_has_permission(permission)
        return bool(answers[permission])

    def get_base_queryset(self) -> QuerySet[Any]:
        return rows_of(self).select_related(*self.related)


def listing(*related: str) -> type[ListView]:
    """Return a list view whose columns show `related` tables without a query a row."""
    return type("RelatedListView", (ListView,), {"related": related})


class RefusalMixin:
    """A refused operation is shown on top of the form; nothing was written and what was typed stays."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc,attr-defined,no-any-return]

    def save_instance(self) -> Any:
        return self.form.write()  # type: ignore[attr-defined]

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc,no-any-return]
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]


class AddView(RefusalMixin, generic.CreateView):
    """A form for something new."""

    success_message = "已登记“%(object)s”。"
    error_message = "还有内容需要补充，请看下面标出的地方。"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": "", "label": f"新建：{self.get_page_subtitle()}"}]

    def get_success_buttons(self) -> list[Any]:
        return []  # what was written may be another thing than this list's rows


class ChangeView(TellsOfOthers, RefusalMixin, generic.EditView):
    """A form for something known, found in the user's areas only."""

    success_message = "已保存“%(object)s”。"
    error_message = "还有内容需要补充，请看下面标出的地方。"

    def get_queryset(self) -> QuerySet[Any]:
        return rows_of(self)


class LogView(history.HistoryView):
    """Who changed a row when, for rows in the user's areas."""

    def get_base_object_queryset(self) -> QuerySet[Any]:
        return rows_of(self)


class TakeAwayView(generic.DeleteView):
    """Take away a row of the user's areas; a refusal is told on the list, and the row stays."""

    def get_queryset(self) -> QuerySet[Any]:
        return rows_of(self)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except PersonRefused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.get_success_url())


class RevokeView(TakeAwayView):
    """Take a role back."""

    success_message = "已收回“%(object)s”。"

    def delete_action(self) -> None:
        revoke_grant(area_grant=self.object, actor=self.request.user)


class CancelReceptionView(generic.DeleteView):
    """Take a reception day off the calendar."""

    success_message = "已取消“%(object)s”的接待。"

    def get_queryset(self) -> QuerySet[Any]:
        return rows_of(self)

    def delete_action(self) -> None:
        cancel_reception(reception_day=self.object, actor=self.request.user)


class RemoveSuspensionView(TakeAwayView):
    """Take away a suspension entered by mistake."""

    success_message = "已删除“%(object)s”。"

    def delete_action(self) -> None:
        remove_suspension(suspension=self.object, actor=self.request.user)


class RemoveView(TakeAwayView):
    """Take away what was registered by mistake, or say what it is needed for."""

    template_name = "stations/staff/confirm_removal.html"
    page_title = "删除"
    success_message = "已删除“%(object)s”。"
    warning = "登记有误的才删除；删除以后不能恢复，操作记录里会留下名称、时间和经办人。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"why_kept": why_kept(self.object)}

    @property
    def confirmation_message(self) -> str:
        return f"确定要删除“{self.object}”吗？{self.warning}"

    def delete_action(self) -> None:
        remove_unused(row=self.object, actor=self.request.user)


class RemovePersonView(RemoveView):
    """A person, with mandates and places in groups; one with a mandate elsewhere too belongs to others as well."""

    warning = f"任期和代表小组里的记录一起删除。{RemoveView.warning}"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if unlimited(self.request.user):
            return rows
        elsewhere = Mandate.objects.exclude(reach(self.request.user, EDITS))
        return rows.exclude(pk__in=elsewhere.values("representative"))

    def delete_action(self) -> None:
        remove_representative(person=self.object, actor=self.request.user)


class RemoveMandateView(RemoveView):
    """A mandate of a person who has another."""

    warning = f"这次任期里代表小组的记录一起删除。{RemoveView.warning}"

    def delete_action(self) -> None:
        remove_mandate(mandate=self.object, actor=self.request.user)


class RemoveRosterEntryView(RemoveSuspensionView):
    """Take away an entry of a roster."""

    def delete_action(self) -> None:
        remove_roster_entry(entry=self.object, actor=self.request.user)


class PeopleView(ListView):
    """The list of people with area and group; telephone numbers only for the office of their area."""

    @property
    def header_buttons(self) -> list[Any]:
        """Offer to read in a list, to who may add one person, and logins for many, to who gives them."""
        buttons: list[Any] = list(super().header_buttons)
        if self.add_url:
            address = reverse("representatives:import")
            buttons.append(HeaderButton("导入名册", url=address, icon_name="upload", priority=200))
        if gives_logins(self.request.user):
            address = reverse("representatives:accounts")
            buttons.append(HeaderButton("为多人开通登录", url=address, icon_name="key", priority=210))
        return buttons

    def get_base_queryset(self) -> QuerySet[Any]:
        today = timezone.localdate()
        groups = GroupMembership.objects.on(today).select_related("group")
        seats = (
            Mandate.objects.filter(reach(self.request.user, EDITS))
            .select_related("area")
            .order_by("-starts_on", "-pk")
            .prefetch_related(Prefetch("memberships", groups, to_attr="groups_now"))
        )
        return rows_of(self).prefetch_related(Prefetch("mandates", seats, to_attr="seats"))

    @property
    def columns(self) -> list[Any]:
        title = self._get_title_column("name")
        title.sort_key = "stroke_key"
        columns = [
            title,
            Column(
                "area", label="区域", accessor=lambda person: person.seats[0].area if person.seats else ""
            ),
            Column("group", label="代表小组", accessor=_group),
            Column("occupation", label="单位职务", accessor="occupation"),
        ]
        user = self.request.user
        roots = [area.path for area in granted_areas(user, (Role.OFFICE,))]
        if roots or unlimited(user):
            columns.append(
                Column("phone", label="手机号", accessor=lambda person: self._phone(person, roots))
            )
        return columns

    def _phone(self, person: Any, roots: list[str]) -> str:
        reached = person.seats and person.seats[0].area.path.startswith(tuple(roots))
        return str(person.phone) if reached or unlimited(self.request.user) else ""


def _group(person: Any) -> str:
    return str(person.seats[0].groups_now[0].group) if person.seats and person.seats[0].groups_now else ""


class ChangePersonView(ChangeView):
    """A person with the newest mandate in the user's areas."""

    def get_form_kwargs(self) -> dict[str, Any]:
        seats = Mandate.objects.filter(representative=self.object).select_related("term", "area")
        mine = seats.filter(reach(self.request.user, EDITS)).order_by("-starts_on", "-pk")
        return super().get_form_kwargs() | {"mandate": mine.first() or seats.latest("starts_on")}

    @property
    def header_buttons(self) -> list[Any]:
        """Lead the office of the area to the person's login."""
        address = reverse("representatives:account", args=[self.object.pk])
        account = HeaderButton("登录账号", url=address, icon_name="key")
        mine = gives_logins(self.request.user) and office_of(
            self.request.user, self.object, timezone.localdate()
        )
        return [*super().header_buttons, *([account] if mine else [])]
