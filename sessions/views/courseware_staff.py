"""What staff meet around courseware: the award, a word after publishing, and documents asked for by Wagtail's address."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html

from portal.documents import works_with_documents
from sessions.courseware.shelf import files_given_out, had_before
from sessions.models import CoursewareFile, CoursewarePage
from sessions.operations import CoursewareRefused, select_courseware
from sessions.permissions import awards
from sessions.views.staff import StepView


class SelectCoursewareView(StepView):
    """GET explains, POST awards 优秀课件 or takes it back; a page that the user may not publish does not exist here."""

    form_class = forms.Form
    header_icon = "pick"
    refusal = CoursewareRefused
    page: CoursewarePage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the courseware."""
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(awards(request.user), pk=kwargs["pk"])
        self.page_title = "取消优秀课件" if self.page.selected else "评为优秀课件"
        self.submit_button_label = self.page_title
        self.explanation = (
            "取消后，列表和页面上不再有“优秀课件”的印章，作者的积分按一般课件计。"
            if self.page.selected
            else "评选后，列表和页面上会盖“优秀课件”的印章，作者的积分按优秀课件计。这一步会记入日志。"
        )

    def get_page_subtitle(self) -> str:
        """Name the courseware."""
        return str(self.page.title).replace("|", "")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the library."""
        back = {"url": reverse("wagtailadmin_explore", args=[self.page.get_parent().pk]), "label": "课件库"}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.get_page_title()}]

    def perform(self, form: Any) -> str:
        """Award it, or take the award back."""
        wanted = not self.page.selected
        select_courseware(page=self.page, selected=wanted, actor=self.request.user)  # type: ignore[arg-type]
        title = self.get_page_subtitle()
        messages.success(
            self.request, f"“{title}”已评为优秀课件。" if wanted else f"“{title}”不再是优秀课件。"
        )
        return reverse("wagtailadmin_explore", args=[self.page.get_parent().pk])


def warn_of_known_files(request: HttpRequest, page: Any) -> None:
    """Tell who publishes a courseware where one of its files was published before: the author gets the credit once."""
    earlier = had_before(page) if isinstance(page, CoursewarePage) else None
    if earlier is None:
        return
    who = earlier.author or earlier.guest_author or "未署名"
    messages.warning(
        request,
        format_html(
            '这份课件的文件与已发布的<a href="{}">“{}”</a>（{}，{}）相同。同一作者的同一份课件只计一次积分。',
            reverse("wagtailadmin_pages:edit", args=[earlier.pk]),
            earlier.title.replace("|", ""),
            who,
            earlier.date.isoformat(),
        ),
    )


def lead_to_the_shelf(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Lead who asks for a document of courseware to our own address of it, where it is asked who may; 404 for a draft's.

    None for a document that is no courseware, and for staff who work with documents.
    """
    if works_with_documents(request.user):
        return None
    file = files_given_out().filter(document=document).first()
    if file:
        return redirect("courseware_download", file.pk)
    if CoursewareFile.objects.filter(document=document).exists():
        raise Http404
    return None
