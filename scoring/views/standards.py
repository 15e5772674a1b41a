"""The office's standards: store a file as a version, read a version in words, take its file away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from scoring.forms import StandardForm
from scoring.method import described
from scoring.models import Standard
from scoring.operations import StandardRefused, store_standard
from scoring.permissions import KEEPS
from scoring.standard_file import InvalidStandard, Problem
from stations.permissions import holds_anywhere

BACK = {"url": "", "label": "积分标准"}


class OfOffice:
    """A page for the office alone."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        if not holds_anywhere(request.user, KEEPS):
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
                effective_from=given["effective_from"],
                is_example=given["is_example"],
            )
        except InvalidStandard as refused:
            self.problems = refused.problems
            form.add_error("file", f"有 {len(self.problems)} 处要改，见下面的清单；改好后请再上传一次。")
            return self.form_invalid(form)
        except StandardRefused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        messages.success(self.request, f"{standard}已经在库里，可以在新的年度里选用。")
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


class InspectStandardView(OfOffice, WagtailAdminTemplateMixin, TemplateView):
    """A version in words and as its file; nothing here can be changed."""

    template_name = "scoring/standard_admin/inspect.html"
    page_title = "积分标准"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version, said in words."""
        standard = get_object_or_404(Standard, pk=kwargs["pk"])
        years = standard.years.order_by("label")
        return super().get_context_data(**kwargs) | {
            "standard": standard,
            "method": described(standard),
            "years": years,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return _crumbs(self.breadcrumbs_items, self.page_title)


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
