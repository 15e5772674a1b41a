"""The office's standards: store a file as a draft, read it in words, try it on a year, adopt or discard it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from scoring.comparison import compare
from scoring.forms import AdoptForm, StandardForm
from scoring.method import described
from scoring.models import Standard, Year
from scoring.operations import (
    StandardRefused,
    adopt_standard,
    discard_standard,
    obstacles,
    store_standard,
)
from scoring.permissions import KEEPS, keeps
from scoring.rules import FactRefused
from scoring.sheets import mandates_of
from scoring.standard_file import InvalidStandard, Problem, load, run_cases
from stations.models import Mandate
from stations.permissions import scope

BACK = {"url": "", "label": "积分标准"}
PAGE = 50  # people of a trial at once


class OfOffice:
    """A page for the office alone."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        if not keeps(request.user):
            raise PermissionDenied


class UploadStandardView(OfOffice, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """上传标准: a file becomes a version, or every problem is told with its line and key."""

    template_name = "scoring/standard_admin/upload.html"
    page_title = "上传标准"
    header_icon = "upload"
    form_class = StandardForm
    problems: tuple[Problem, ...] = ()

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the file, or say what to change in it."""
        given = form.cleaned_data
        try:
            standard = store_standard(
                text=given["file"],
                actor=self.request.user,  # type: ignore[arg-type]  # signed in
                is_example=given["is_example"],
            )
        except InvalidStandard as refused:
            self.problems = refused.problems
            form.add_error("file", f"有 {len(self.problems)} 处要改，见下面的清单；改好后请再上传一次。")
            return self.form_invalid(form)
        messages.success(self.request, f"{standard}已经在库里；还是草稿的，试算、核对以后由另一位同事启用。")
        return HttpResponseRedirect(reverse("standard:inspect", args=[standard.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the problems of the file."""
        return super().get_context_data(**kwargs) | {
            "problems": self.problems,
            "action_url": self.request.path,
            "submit_button_label": "上传",
            "submit_button_active_label": "正在核对…",
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return _crumbs(self.breadcrumbs_items, self.page_title)


class InspectStandardView(OfOffice, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """A version in words, with its cases and as its file; a draft is adopted here, nothing is edited."""

    template_name = "scoring/standard_admin/inspect.html"
    page_title = "积分标准"
    header_icon = "list-ul"
    form_class = AdoptForm

    @cached_property
    def standard(self) -> Standard:
        """The version."""
        return get_object_or_404(Standard, pk=self.kwargs["pk"])

    def form_valid(self, form: Any) -> HttpResponse:
        """Adopt it, or say why not."""
        try:
            adopt_standard(
                standard=self.standard,
                effective_from=form.cleaned_data["effective_from"],
                actor=self.request.user,  # type: ignore[arg-type]  # signed in
                moment=timezone.now(),
            )
        except StandardRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, f"{self.standard}已经启用，可以在新的年度里选用。")
        return HttpResponseRedirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version, said in words, and what is in the way of its adoption."""
        loaded = load(self.standard.text)
        return super().get_context_data(**kwargs) | {
            "standard": self.standard,
            "method": described(self.standard),
            "years": self.standard.years.order_by("label"),
            "cases": run_cases(loaded),
            "obstacles": [] if self.standard.adopted_at else obstacles(loaded),
            "tried_on": Year.objects.exclude(state=Year.State.DRAFT).order_by("-label"),
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return _crumbs(self.breadcrumbs_items, self.page_title)


class DiscardStandardView(OfOffice, View):
    """Removing a draft."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove it and go back to the list, or say why it has to stay."""
        standard = get_object_or_404(Standard, pk=pk)
        try:
            discard_standard(standard=standard, actor=request.user)  # type: ignore[arg-type]  # signed in
        except StandardRefused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("standard:inspect", args=[pk]))
        messages.success(request, f"草稿{standard}已经删除。")
        return HttpResponseRedirect(reverse("standard:index"))


class TryStandardView(OfOffice, WagtailAdminTemplateMixin, TemplateView):
    """试算: a version tried on a year of the office's areas; looking changes nothing."""

    template_name = "scoring/standard_admin/try.html"
    page_title = "试算"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comparison, and one page of who would move."""
        standard = get_object_or_404(Standard, pk=kwargs["pk"])
        years = Year.objects.exclude(state=Year.State.DRAFT).select_related("standard", "term")
        year = get_object_or_404(years, label=kwargs["label"])
        base = super().get_context_data(**kwargs) | {"standard": standard, "year": year}
        try:
            found = compare(standard, year, mandates_of(year).filter(scope(self.request.user, KEEPS)))
        except FactRefused as refused:  # such as an award above the maximum of this version
            return base | {"refused": str(refused)}
        everybody = self.request.GET.get("show") == "all"
        page = Paginator(found.moves if everybody else found.crossing, PAGE).get_page(
            self.request.GET.get("p")
        )
        people = Mandate.objects.select_related("representative", "area").in_bulk(
            [move.mandate for move in page]
        )
        return base | {
            "found": found,
            "everybody": everybody,
            "page_of_moves": page,
            "rows": [(people[move.mandate], move) for move in page],
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the version."""
        back = {"url": reverse("standard:inspect", args=[self.kwargs["pk"]]), "label": "查看"}
        lists = BACK | {"url": reverse("standard:index")}
        return [*self.breadcrumbs_items, lists, back, {"url": "", "label": self.page_title}]


class ExportStandardView(OfOffice, View):
    """The file of a version, as it was stored."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the canonical YAML."""
        standard = get_object_or_404(Standard, pk=pk)
        name = f"{standard.code}-v{standard.version}.yaml"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(standard.text, content_type="application/yaml; charset=utf-8", headers=headers)


def _crumbs(base: list[dict[str, Any]], here: str) -> list[dict[str, Any]]:
    return [*base, BACK | {"url": reverse("standard:index")}, {"url": "", "label": here}]
