"""核实: a report or an honour beside what shows it; who judges what a colleague judged or changed meanwhile is told."""

from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.stale_forms import TellsOfOthers
from scoring.forms import JudgeForm, JudgeReportForm
from scoring.media import alike
from scoring.models import Honour, MediaReport
from scoring.operations import EarnedRefused, reject_honour, reject_report, verify_honour, verify_report
from scoring.permissions import keeps, kept_by

Judged = Honour | MediaReport


class JudgeView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """What was handed in, with a form for the verdict; POST verifies or sets aside."""

    header_icon = "check"
    model: type[Judged]
    index: tuple[str, str]  # the list it is found in: its address by name, what it is called
    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the row among those the user keeps; who keeps none has no such page."""
        super().setup(request, *args, **kwargs)
        if not keeps(request.user):
            raise PermissionDenied
        self.object = self.get_object()

    def get_queryset(self) -> QuerySet[Any]:
        """Outside the user's areas a row does not exist (THREATS 12)."""
        return kept_by(self.request.user, self.model).select_related("verified_by", "handed_in_by")

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Find it among the user's."""
        rows = self.get_queryset() if queryset is None else queryset
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @abstractmethod
    def about(self) -> str:
        """Return in one line what the verdict is about."""

    @abstractmethod
    def judge(self, verdict: str, given: dict[str, Any], **common: Any) -> None:
        """Write the verdict, `verify` or `reject`; raises EarnedRefused as the operations do."""

    def get_initial(self) -> dict[str, Any]:
        """Start from what stands there."""
        return {"state": self.object.state, "about": self.about(), "note": self.object.note}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do what the pressed button says."""
        verdict = self.request.POST.get("do", "")
        said = {"verify": "已核实，按标准计分。", "reject": "未采用，不计分。"}
        if verdict not in said:
            raise Http404
        try:
            self.judge(verdict, form.cleaned_data, actor=self.request.user, moment=timezone.now())
        except EarnedRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, f"《{self.object.title}》{said[verdict]}")
        return HttpResponseRedirect(reverse(self.index[0]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the row."""
        return super().get_context_data(**kwargs) | {"judged": self.object, "action_url": self.request.path}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        address, label = self.index
        back = {"url": reverse(address), "label": label}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]


class JudgeReportView(TellsOfOthers, JudgeView):
    """A media report beside what is like it."""

    template_name = "scoring/media/judge.html"
    page_title = "核实专题报道"
    form_class = JudgeReportForm
    model = MediaReport
    index = ("media_report:index", "专题报道")

    def get_queryset(self) -> QuerySet[Any]:
        """Read the outlet with it."""
        return super().get_queryset().select_related("outlet")

    def about(self) -> str:
        """Return title, outlet, day, link and people."""
        report = self.object
        words = [f"《{report.title}》", report.outlet or "媒体待定", report.published_on, report.url]
        return "，".join(str(word) for word in [*words, *self.people()] if word)

    def people(self) -> list[Any]:
        """Return the mandates it is about."""
        subjects = self.object.subjects.select_related("mandate__representative", "mandate__area")
        return [subject.mandate for subject in subjects.order_by("pk")]

    def get_initial(self) -> dict[str, Any]:
        """Start from the story's word, too."""
        return super().get_initial() | {"story": self.object.story}

    def judge(self, verdict: str, given: dict[str, Any], **common: Any) -> None:
        """Verify it as one of its story, or set it aside with the note."""
        if verdict == "verify":
            verify_report(report=self.object, story=given["story"], **common)
        else:
            reject_report(report=self.object, note=given["note"], **common)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its people and what is like it."""
        return super().get_context_data(**kwargs) | {"people": self.people(), "alike": alike(self.object)}


class JudgeHonourView(TellsOfOthers, JudgeView):
    """An honour."""

    template_name = "scoring/media/judge_honour.html"
    page_title = "核实履职荣誉"
    form_class = JudgeForm
    model = Honour
    index = ("honour:index", "履职荣誉")

    def get_queryset(self) -> QuerySet[Any]:
        """Read the person with it."""
        return super().get_queryset().select_related("mandate__representative", "mandate__area")

    def about(self) -> str:
        """Return title, level, day, number and person."""
        won = self.object
        words = [f"《{won.title}》", won.get_level_display(), won.awarded_on, won.ref, won.mandate]
        return "，".join(str(word) for word in words if word)

    def judge(self, verdict: str, given: dict[str, Any], **common: Any) -> None:
        """Verify it, or set it aside with the note."""
        if verdict == "verify":
            verify_honour(honour=self.object, **common)
        else:
            reject_honour(honour=self.object, note=given["note"], **common)
