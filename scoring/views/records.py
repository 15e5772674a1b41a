"""The office's lists and forms of what earns: each save is an operation, each row within the office's areas."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.widgets.button import Button

from portal.stale_forms import TellsOfOthers
from scoring import operations
from scoring.models import Honour, MediaReport, Outlet, Proposal
from scoring.operations import EarnedRefused
from scoring.permissions import kept_by
from scoring.sheet.years import told_apart

CREATES: dict[type[Model], Callable[..., Any]] = {
    Outlet: operations.add_outlet,
    MediaReport: operations.report_media,
    Proposal: operations.add_proposal,
    Honour: operations.add_honour,
}
CHANGES: dict[type[Model], tuple[str, Callable[..., Any]]] = {
    Outlet: ("outlet", operations.change_outlet),
    MediaReport: ("report", operations.change_report),
    Proposal: ("proposal", operations.change_proposal),
    Honour: ("honour", operations.change_honour),
}
DAY_OF: dict[type[Model], str] = {
    MediaReport: "published_on",
    Proposal: "submitted_on",
    Honour: "awarded_on",
}
REMOVES: dict[type[Model], tuple[str, Callable[..., Any]]] = {
    Proposal: ("proposal", operations.remove_proposal),
    Honour: ("honour", operations.remove_honour),
}


class KeptIndexView(IndexView):
    """A list of the rows that the user keeps."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Narrow to the user's areas."""
        return kept_by(self.request.user, self.model)


class SavedByOperation:
    """A form view that hands the form to an operation and shows what it refuses, with the way to the first record."""

    produced_error_code = "validation_error"
    produced_error_message = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know who fills it."""
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc, attr-defined, no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, or say why not; the form keeps what was typed."""
        try:
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except EarnedRefused as refused:
            form.add_error(None, str(refused))
            if refused.first:
                there = reverse("media_report:edit", args=[refused.first.pk])
                button = messages.button(there, "看先登记的那一篇")
                messages.error(self.request, str(refused), buttons=[button])  # type: ignore[attr-defined]
            else:
                self.produced_error_message = str(refused)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        day = form.cleaned_data.get(DAY_OF.get(form._meta.model, ""))
        apart = told_apart(day, timezone.localdate()) if day else ""
        if apart:
            messages.warning(self.request, apart)  # type: ignore[attr-defined]
        return answer


class KeptCreateView(SavedByOperation, CreateView):
    """A new row."""

    def save_instance(self) -> Any:
        """Create it."""
        return CREATES[self.model](actor=self.request.user, **self.form.facts())


class KeptEditView(TellsOfOthers, SavedByOperation, EditView):
    """A row that the user keeps."""

    def get_queryset(self) -> QuerySet[Any]:
        """Outside the user's areas a row does not exist (THREATS 12)."""
        return kept_by(self.request.user, self.model)

    def save_instance(self) -> Any:
        """Change it; the operation reads the stored row again."""
        name, change = CHANGES[self.model]
        return change(actor=self.request.user, **{name: self.object}, **self.form.facts())


class KeptDeleteView(DeleteView):
    """Removing a row that was entered by mistake."""

    def get_object(self, queryset: Any = None) -> Any:
        """Find it among the user's."""
        return get_object_or_404(kept_by(self.request.user, self.model), pk=self.kwargs["pk"])

    def delete_action(self) -> None:
        """Remove it by its operation."""
        name, remove = REMOVES[self.model]
        remove(actor=self.request.user, **{name: self.object})

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why it has to stay."""
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except EarnedRefused as refused:
            messages.error(self.request, str(refused))
            return HttpResponseRedirect(self.get_success_url())


class HonourIndexView(KeptIndexView):
    """The list of honours, with what waits."""

    def get_list_more_buttons(self, instance: Honour) -> list[Any]:
        """Lead to the verification first."""
        judge = Button("核实", url=reverse("honour:judge", args=[instance.pk]), icon_name="check", priority=0)
        return [judge, *super().get_list_more_buttons(instance)]


class ReportIndexView(KeptIndexView):
    """The list of media reports, with what waits."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Read the outlets with the rows."""
        return super().get_base_queryset().select_related("outlet")

    def get_list_more_buttons(self, instance: MediaReport) -> list[Any]:
        """Lead to the verification first."""
        judge = Button(
            "核实", url=reverse("media_report:judge", args=[instance.pk]), icon_name="check", priority=0
        )
        return [judge, *super().get_list_more_buttons(instance)]
