"""Proposals as a spreadsheet in the admin: taken out, read in with a preview, written all or nothing."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.spreadsheets.views import OfKeepers, SendListView, given_out
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


class OfOffice(OfKeepers):
    """For who keeps records anywhere."""

    back = ("proposal:index", "议案建议")

    def may_enter(self, user: Any) -> bool:
        return keeps(user)


class ImportProposalsView(OfOffice, SendListView):
    """Read a list (POST) and lead to its preview; no proposal is touched."""

    template_name = "scoring/proposals/import.html"
    page_title = "导入议案建议"
    form_class = ProposalListForm
    most = MAX_BYTES

    def take(self, form: Any) -> HttpResponse:
        """Keep the lines for the preview."""
        name, sha256, lines = read_proposals(form.cleaned_data["file"])
        pending = prepare_proposals(
            file_name=name,
            sha256=sha256,
            lines=lines,
            actor=self.request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
        return HttpResponseRedirect(reverse("proposal:preview", args=[pending.pk]))


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
        return given_out(blank_workbook(), "议案建议-空白表.xlsx")


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
        return given_out(proposals_workbook(rows, by=str(request.user), moment=now), name)
