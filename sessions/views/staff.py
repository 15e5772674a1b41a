"""The staff's steps outside the plain forms: what all of them share, publishing, a new session."""

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from sessions.forms import NewSessionForm
from sessions.models import Activity, SessionIndexPage
from sessions.operations import ActivityRefused, create_session, open_activity
from sessions.permissions import PLANS, announces, planned_by
from stations.permissions import holds_anywhere

NOT_PUBLISHING = (
    "这场活动有公开页面，要由有发布权限的同志审核后发布。请在页面里送审；页面一发布，活动就随它一并发布。"
)
ANNOUNCED = (
    "这场活动已经发布，改动会立即出现在公开页面上，名单里的代表也会收到通知。"
    "请由有页面发布权限的同志、本区域的记录员或代表工作委员会来改。"
)


class StepView(WagtailAdminTemplateMixin, FormView, ABC):  # type: ignore[type-arg]
    """A form that does one operation; what the operation refuses is said above the form, nothing typed is lost."""

    template_name = "sessions/admin/step.html"
    header_icon = "date"
    submit_button_label = "保存"
    explanation = ""
    refusal: type[Exception] = ActivityRefused

    def consequences(self) -> list[str]:
        """Return what will happen, a sentence a line."""
        return []

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the operation and go on, or say why it was refused."""
        try:
            return HttpResponseRedirect(self.perform(form))
        except self.refusal as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)

    @abstractmethod
    def perform(self, form: Any) -> str:
        """Do the operation and return where to go."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what Wagtail's form template asks for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.path,
            "submit_button_label": self.submit_button_label,
            "submit_button_active_label": "正在处理…",
            "explanation": self.explanation,
            "consequences": self.consequences(),
            "media": context["form"].media,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list of activities."""
        back = {"url": reverse("activity:index"), "label": "活动"}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]


class ActivityStepView(StepView):
    """A step of one activity; outside the user's areas it does not exist (THREATS 12)."""

    activity: Activity

    def barred(self) -> str:
        """Return why the user may not take this step though they plan the activity; "" where they may."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Say why not, and where to go instead, before a form is filled in for nothing."""
        if why := self.barred():
            self.template_name = "sessions/admin/barred.html"
            page = self.activity.page  # what stands in the way is always a page
            may_edit = page.permissions_for_user(request.user).can_edit()
            context = self.get_context_data(
                form=forms.Form(), why=why, activity=self.activity, may_edit=may_edit
            )
            return self.render_to_response(context, status=403)
        return super().dispatch(request, *args, **kwargs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the activity among those the user plans."""
        super().setup(request, *args, **kwargs)
        self.activity = get_object_or_404(planned_by(request.user), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Name the activity."""
        return self.activity.title


class OpenActivityView(ActivityStepView):
    """发布: GET explains, POST opens."""

    page_title = "发布活动"
    form_class = forms.Form
    submit_button_label = "发布活动"
    explanation = (
        "发布后，名单里的代表可以看到这场活动并报名，到时可以签到。分享会的页面发布时，活动会一并发布。"
    )

    def barred(self) -> str:
        """Leave the publishing of a page to who may publish it."""
        return "" if announces(self.request.user, self.activity) else NOT_PUBLISHING

    def perform(self, form: Any) -> str:
        """Open the draft."""
        open_activity(activity=self.activity, actor=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, f"“{self.activity.title}”已发布。")
        return reverse("activity:index")


class NewSessionView(StepView):
    """新建分享会: one form makes the activity, its list and the draft page, then leads to the page's editor."""

    page_title = "新建分享会"
    form_class = NewSessionForm
    submit_button_label = "新建并继续写页面"
    explanation = "先填时间、地点和应到小组，保存后继续写页面内容。页面发布以前，公众和代表都看不到。"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who plans somewhere and may write below the section of sessions."""
        index = SessionIndexPage.objects.first()
        if index is None:
            raise Http404
        writes = index.permissions_for_user(request.user).can_add_subpage()
        if not (writes and holds_anywhere(request.user, PLANS)):
            raise PermissionDenied
        self.index = index
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose areas count."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> str:
        """Create the session and lead to its page."""
        page = create_session(
            index=self.index,
            number=form.cleaned_data["number"],
            format=form.cleaned_data["format"],
            sources=form.sources(),
            actor=self.request.user,  # type: ignore[arg-type]
            **form.facts(),
        )
        messages.success(self.request, "已建好草稿。请补充主讲人、议程等内容，再送审或发布。")
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
