"""Wagtail admin of scoring: 履职积分, for the office alone."""

from typing import Any

from django import forms
from django.urls import URLPattern, path, reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from scoring.forms import HonourForm, OfficeForm, OutletForm, ProposalForm, ReportForm
from scoring.models import Honour, MediaReport, Outlet, Proposal, Standard
from scoring.permissions import keeps
from scoring.views.judging import JudgeHonourView, JudgeReportView
from scoring.views.proposals import (
    BlankProposalsView,
    ExportProposalsView,
    ImportProposalsView,
    PreviewProposalsView,
)
from scoring.views.records import (
    HonourIndexView,
    KeptCreateView,
    KeptDeleteView,
    KeptEditView,
    KeptIndexView,
    ReportIndexView,
)
from scoring.views.standards import (
    DiscardStandardView,
    ExportStandardView,
    InspectStandardView,
    TryStandardView,
    UploadStandardView,
)

LIST = {"index", "index_results"}
FORMS = {*LIST, "add", "edit"}


def yes_or_no(mark: bool) -> str:
    """Return a mark as staff read it in a list."""
    return "是" if mark else "否"


class OfficeMenuItem(MenuItem):
    """Shown to the office."""

    def is_shown(self, request: Any) -> bool:
        """Whether the user holds the office anywhere."""
        return keeps(request.user)


class KeptViewSet(ModelViewSet):
    """What all lists of records share; deleting only where there is an operation for it."""

    index_view_class = KeptIndexView
    add_view_class = KeptCreateView
    edit_view_class = KeptEditView
    delete_view_class = KeptDeleteView
    menu_item_class = OfficeMenuItem
    search_backend_name = None
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 30
    kept_form: type[OfficeForm]
    kept_addresses = FORMS

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """Creating and changing ask the same."""
        return self.kept_form

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer only what has an address here."""
        off = {"usage_url_name": self.UNDEFINED, "history_url_name": self.UNDEFINED}
        if "delete" not in self.kept_addresses:
            off["delete_url_name"] = self.UNDEFINED
        return dict(super().get_common_view_kwargs(**{**off, **kwargs}))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the addresses of lists and forms."""
        return [each for each in super().get_urlpatterns() if each.name in self.kept_addresses]


class ReportViewSet(KeptViewSet):
    """专题报道."""

    model = MediaReport
    name = "media_report"
    icon = "doc-full"
    menu_label = "专题报道"
    kept_form = ReportForm
    index_view_class = ReportIndexView
    list_display = ["title", "outlet", "published_on", "state"]
    list_filter = ["state", "outlet"]
    search_fields = ["title", "story"]
    ordering = ("-published_on", "-pk")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the verification."""
        return [
            *super().get_urlpatterns(),
            path("judge/<int:pk>/", JudgeReportView.as_view(), name="judge"),
        ]


class OutletViewSet(KeptViewSet):
    """媒体."""

    model = Outlet
    name = "outlet"
    icon = "site"
    menu_label = "媒体名录"
    kept_form = OutletForm
    list_display = ["name", "level", "medium"]
    list_filter = ["level", "medium"]
    search_fields = ["name"]
    ordering = "name"


class ProposalIndexView(KeptIndexView):
    """The list of proposals; lists come in and go out as spreadsheets."""

    @property
    def header_more_buttons(self) -> list[Any]:
        """Offer the spreadsheet beside the form."""
        return [
            *super().header_more_buttons,
            Button("导入表格", url=reverse("proposal:import"), icon_name="upload", priority=40),
            Button("导出表格", url=reverse("proposal:export"), icon_name="download", priority=50),
        ]


class ProposalViewSet(KeptViewSet):
    """议案建议."""

    model = Proposal
    name = "proposal"
    icon = "form"
    menu_label = "议案建议"
    kept_form = ProposalForm
    kept_addresses = {*FORMS, "delete"}
    list_display = [
        "title",
        "ref",
        "submitted_on",
        Column("fine", label="优秀建议", accessor=lambda row: yes_or_no(row.fine), sort_key="fine"),
        Column("key", label="重点督办", accessor=lambda row: yes_or_no(row.key), sort_key="key"),
    ]
    list_filter = ["filed", "fine", "key"]
    search_fields = ["title", "ref"]
    ordering = ("-submitted_on", "-pk")
    index_view_class = ProposalIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the spreadsheet: in with a preview, out, and an empty one."""
        return [
            *super().get_urlpatterns(),
            path("import/", ImportProposalsView.as_view(), name="import"),
            path("import/blank/", BlankProposalsView.as_view(), name="blank"),
            path("import/<uuid:pending>/", PreviewProposalsView.as_view(), name="preview"),
            path("export/", ExportProposalsView.as_view(), name="export"),
        ]


class HonourViewSet(KeptViewSet):
    """履职荣誉."""

    model = Honour
    name = "honour"
    icon = "pick"
    menu_label = "履职荣誉"
    kept_form = HonourForm
    kept_addresses = {*FORMS, "delete"}
    list_display = ["title", "mandate", "level", "awarded_on", "state"]
    list_filter = ["state", "level"]
    search_fields = ["title", "ref"]
    ordering = ("-awarded_on", "-pk")
    index_view_class = HonourIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the verification."""
        return [
            *super().get_urlpatterns(),
            path("judge/<int:pk>/", JudgeHonourView.as_view(), name="judge"),
        ]


class StandardIndexView(KeptIndexView):
    """The list of versions; adding one is uploading its file."""

    def get_edit_url(self, instance: Standard) -> str:
        """Lead to the version in words: it is never edited."""
        return reverse("standard:inspect", args=[instance.pk])

    @property
    def header_buttons(self) -> list[Any]:
        """Offer uploading."""
        return [HeaderButton("上传标准", url=reverse("standard:upload"), icon_name="upload")]

    def get_list_more_buttons(self, instance: Standard) -> list[Any]:
        """Offer reading and taking the file away."""
        return [
            Button("查看", url=self.get_edit_url(instance), icon_name="view", priority=10),
            Button(
                "下载 .yaml",
                url=reverse("standard:export", args=[instance.pk]),
                icon_name="download",
                priority=20,
            ),
        ]


class StandardURLFinder(ModelAdminURLFinder):
    """A version is never edited: whoever looks for its form comes to the version in words."""

    edit_url_name = "standard:inspect"


class StandardViewSet(KeptViewSet):
    """积分标准: versions; a version is never edited."""

    model = Standard
    name = "standard"
    icon = "list-ul"
    menu_label = "积分标准"
    index_view_class = StandardIndexView
    kept_addresses = LIST
    list_display = [
        "title",
        "code",
        Column("version", label="版本", accessor="version", sort_key="version"),
        Column("is_example", label="示例", accessor=lambda standard: yes_or_no(standard.is_example)),
        Column("state", label="状态", accessor=lambda standard: "已启用" if standard.adopted_at else "草稿"),
        "effective_from",
        "effective_to",
    ]
    ordering = ("code", "-version")
    form_fields = ["title"]  # no form is ever shown; Wagtail asks for one at start
    url_finder_class = StandardURLFinder

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """No form edits a version."""
        return forms.Form

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Offer neither adding by form nor editing."""
        off = {"add_url_name": self.UNDEFINED, "edit_url_name": self.UNDEFINED}
        return super().get_common_view_kwargs(**{**off, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add uploading, reading and adopting, trying, discarding, taking away."""
        return [
            *super().get_urlpatterns(),
            path("upload/", UploadStandardView.as_view(), name="upload"),
            path("inspect/<int:pk>/", InspectStandardView.as_view(), name="inspect"),
            path("try/<int:pk>/<int:label>/", TryStandardView.as_view(), name="try"),
            path("discard/<int:pk>/", DiscardStandardView.as_view(), name="discard"),
            path("export/<int:pk>/", ExportStandardView.as_view(), name="export"),
        ]


class ScoringViewSetGroup(ViewSetGroup):
    """履职积分."""

    menu_label = "履职积分"
    menu_icon = "pick"
    menu_order = 160
    items = (ReportViewSet(), ProposalViewSet(), HonourViewSet(), OutletViewSet(), StandardViewSet())


scoring_group = ScoringViewSetGroup()
