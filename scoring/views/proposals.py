"""Proposals as a spreadsheet in the admin: taken out, read in with a preview, written all or nothing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.spreadsheets.reading import ListUnreadable
from portal.uploads import CONTENT_TYPES, UploadRefused
from scoring.forms import ProposalListForm
from scoring.models import Proposal, ProposalImport, ProposalMover
from scoring.operations import (
    EarnedRefused,
    ImportRefused,
    apply_proposals,
    lines_kept,
    note_list,
    prepare_proposals,
)
from scoring.permissions import keeps, kept_by
from scoring.proposals.plan import plan_of
from scoring.proposals.reading import MAX_BYTES, read_proposals
from scoring.proposals.workbook import blank_workbook, proposals_workbook

SHOWN = 200  # rows of one sort on the preview


class OfOffice:
    """For who keeps records anywhere; for everybody else there is no such page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse all others."""
        if not keeps(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        back = {"url": reverse("proposal:index"), "label": "议案建议"}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]  # type: ignore[attr-defined]


class ImportProposalsView(OfOffice, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """Read a list (POST) and lead to its preview; no proposal is touched."""

    template_name = "scoring/proposals/import.html"
    page_title = "导入议案建议"
    header_icon = "upload"
    form_class = ProposalListForm
    status = 200

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the lines for the preview, or say what is wrong with the file."""
        file = form.cleaned_data["file"]
        try:
            name, sha256, lines = read_proposals(file)
        except (UploadRefused, ListUnreadable) as refused:
            form.add_error("file", str(refused))
            self.status = 413 if file.size > MAX_BYTES else 400
            return self.form_invalid(form)
        pending = prepare_proposals(
            file_name=name,
            sha256=sha256,
            lines=lines,
            actor=self.request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
        return HttpResponseRedirect(reverse("proposal:preview", args=[pending.pk]))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with the reason."""
        response = super().form_invalid(form)
        response.status_code = self.status if self.status != 200 else 400
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how to send a file."""
        return super().get_context_data(**kwargs) | {
            "action_url": self.request.path,
            "submit_button_label": "上传并预览",
            "submit_button_active_label": "正在核对…",
        }


class PreviewProposalsView(OfOffice, WagtailAdminTemplateMixin, TemplateView):
    """What a list would change, on the records as they stand (GET); change just that (POST)."""

    template_name = "scoring/proposals/preview.html"
    page_title = "导入预览"
    header_icon = "upload"

    def pending(self) -> ProposalImport:
        """Return the reader's own list; another's does not exist for them."""
        return get_object_or_404(ProposalImport, pk=self.kwargs["pending"], made_by=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write it, or say why not beside the new preview."""
        try:
            plan = apply_proposals(
                pending=self.pending(),
                seen=request.POST.get("seen", ""),
                actor=request.user,  # type: ignore[arg-type]  # signed in
                moment=timezone.now(),
            )
        except (ImportRefused, EarnedRefused) as refused:
            context = self.get_context_data(**kwargs) | {"why": str(refused)}
            return self.render_to_response(context, status=409)
        if plan is None:
            messages.info(request, "这份表格已经导入过，没有再改记录。")
        else:
            messages.success(request, f"已导入：新登记 {len(plan.new)} 件，更改 {len(plan.changed)} 件。")
        return HttpResponseRedirect(reverse("proposal:index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the plan, reckoned now."""
        waiting = self.pending()
        context = super().get_context_data(**kwargs) | {"waiting": waiting, "shown": SHOWN}
        if waiting.applied_at is None:
            context["plan"] = plan_of(lines_kept(waiting), self.request.user)  # type: ignore[arg-type]
        return context


class BlankProposalsView(OfOffice, View):
    """An empty list to fill in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the workbook."""
        return _workbook(blank_workbook(), "议案建议-空白表.xlsx")


class ExportProposalsView(OfOffice, WagtailAdminTemplateMixin, TemplateView):
    """Say what would be taken out (GET), give it out and note who took it (POST): the note is a write."""

    template_name = "scoring/proposals/export.html"
    page_title = "导出议案建议"
    header_icon = "download"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many there are."""
        return super().get_context_data(**kwargs) | {"count": kept_by(self.request.user, Proposal).count()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with the workbook of the proposals that the user keeps, the latest first."""
        movers = ProposalMover.objects.select_related("mandate__representative", "mandate__area")
        kept = kept_by(request.user, Proposal).order_by("-submitted_on", "-pk")
        rows = list(kept.prefetch_related(Prefetch("movers", movers.order_by("pk"))))
        now = timezone.now()
        note_list(actor=request.user, rows=len(rows))  # type: ignore[arg-type]
        name = f"议案建议-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
        return _workbook(proposals_workbook(rows, by=str(request.user), moment=now), name)


def _workbook(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=CONTENT_TYPES["xlsx"], headers=headers)
