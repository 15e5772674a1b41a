"""导入代表名册 in the admin: an empty list to take away, a list read in with a preview, registered all or nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from portal.spreadsheets.views import OfKeepers, SendListView, given_out
from stations.forms.register import RegisterForm
from stations.models import Area, DeputyGroup, RegisterImport, Representative, Term
from stations.operations import PersonRefused, apply_register, prepare_register
from stations.operations.register import KEPT
from stations.policies import EDITS, reach
from stations.register.plan import plan_of
from stations.register.reading import MAX_BYTES, SHEET, read_register, register_from
from stations.register.workbook import blank_workbook


class OfRegistrars(OfKeepers):
    """For who may add a representative; into which areas, the plan says line by line."""

    back = ("representatives:index", "代表")

    def may_enter(self, user: Any) -> bool:
        return bool(policy_registry.get_by_type(Representative).user_has_permission(user, "add"))


class ImportRegisterView(OfRegistrars, SendListView):
    """Read a list (POST) and lead to its preview; nobody is registered."""

    template_name = "stations/register/import.html"
    page_title = "导入代表名册"
    form_class = RegisterForm
    most = MAX_BYTES

    def get_initial(self) -> dict[str, Any]:
        """Begin with the term of the last list, else with that of today."""
        last = self.last()
        term = last.term if last else Term.objects.on(timezone.localdate()).order_by("-number").first()
        return {"term": term}

    def last(self) -> RegisterImport | None:
        """Return the user's latest list that still waits, so that nobody has to look for its preview."""
        since = timezone.now() - KEPT
        mine = RegisterImport.objects.filter(made_by=self.request.user.pk, applied_at=None, made_at__gt=since)
        return mine.select_related("term").order_by("-made_at").first()

    def take(self, form: Any) -> HttpResponse:
        """Keep the lines for the preview."""
        name, sha256, register = read_register(form.cleaned_data["file"])
        pending = prepare_register(
            term=form.cleaned_data["term"],
            file_name=name,
            sha256=sha256,
            register=register,
            actor=self.request.user,  # type: ignore[arg-type]  # signed in
            moment=timezone.now(),
        )
        return HttpResponseRedirect(reverse("representatives:preview", args=[pending.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what was sent before, and whether there is a term."""
        return super().get_context_data(**kwargs) | {"last": self.last(), "terms": Term.objects.exists()}


class PreviewRegisterView(OfRegistrars, WagtailAdminTemplateMixin, TemplateView):
    """What a list would do, on the records as they stand (GET); do just that (POST)."""

    template_name = "stations/register/preview.html"
    page_title = "导入预览"
    header_icon = "upload"

    def pending(self) -> RegisterImport:
        """Return the reader's own list; another's does not exist for them."""
        mine = RegisterImport.objects.filter(made_by=self.request.user.pk).select_related("term")
        return get_object_or_404(mine, pk=self.kwargs["pending"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Register them, or say why not beside the new preview."""
        try:
            plan = apply_register(
                pending=self.pending(),
                seen=request.POST.get("seen", ""),
                actor=request.user,  # type: ignore[arg-type]  # signed in
                moment=timezone.now(),
            )
        except PersonRefused as refused:
            context = self.get_context_data(**kwargs) | {"why": str(refused)}
            return self.render_to_response(context, status=409)
        if plan is None:
            messages.info(request, "这份名册已经导入过，没有再登记。")
        else:
            seats = f"，连任 {len(plan.seats)} 人" if plan.seats else ""
            messages.success(
                request, f"已导入：新登记 {len(plan.new)} 人{seats}。登录账号没有开通，需要的另外开通。"
            )
        return HttpResponseRedirect(reverse("representatives:index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the plan, reckoned now."""
        waiting = self.pending()
        context = super().get_context_data(**kwargs) | {"waiting": waiting}
        if waiting.applied_at is None:
            register = register_from(waiting.register)
            plan = plan_of(waiting.term, register.lines, self.request.user)  # type: ignore[arg-type]  # signed in
            context |= {"plan": plan, "register": register}
        return context


class BlankRegisterView(OfRegistrars, View):
    """An empty list to fill in, with the areas and groups of who asks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the workbook."""
        areas = Area.objects.filter(reach(request.user, EDITS, "")).order_by("path")
        groups = DeputyGroup.objects.filter(reach(request.user, EDITS)).select_related("term", "area")
        book = blank_workbook(list(areas), list(groups.order_by("-term__number", "pk")))
        return given_out(book, f"{SHEET}-空白表.xlsx")
