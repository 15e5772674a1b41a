"""Forms of the office: outlets, media reports with their verification, proposals, honours, standards."""

from datetime import date
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput
from wagtail.images.widgets import AdminImageChooser

from portal.models import User
from scoring.models import Honour, MediaReport, Outlet, Proposal, ProposalMover
from scoring.models.earned import Judged
from scoring.people import Unknown, mandates_named, named
from scoring.permissions import mandates_kept_by
from stations.models import Mandate

NAMES = "几位之间用顿号隔开；同名的在姓名后写区域，如 王样本（石桥镇）。"
MAX_STANDARD = 512 * 1024  # bytes, as scoring/standard_file reads
Role = ProposalMover.Role


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows who fills it; saving is the view's, by an operation."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def facts(self) -> dict[str, Any]:
        """Return what was entered, by the names of the model's fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def people(self, field: str, day: date | None) -> list[Mandate]:
        """Return the mandates named in a field on `day`; an unknown name is said beside the field."""
        text = str(self.cleaned_data.get(field) or "")
        if not day or not text:
            return []
        try:
            return mandates_named(text, day, mandates_kept_by(self.user))
        except Unknown as unknown:
            self.add_error(field, str(unknown))
            return []


class OutletForm(OfficeForm):
    """媒体."""

    class Meta:
        model = Outlet
        fields = ("name", "level", "medium")


class ReportForm(OfficeForm):
    """专题报道."""

    url = forms.URLField(label="链接", max_length=500, required=False, assume_scheme="https")
    names = forms.CharField(label="报道的代表", max_length=600, help_text=f"按刊播当天的任期登记。{NAMES}")

    class Meta:
        model = MediaReport
        fields = ("title", "outlet", "published_on", "url", "form", "story", "clipping")
        widgets = {"published_on": AdminDateInput, "clipping": AdminImageChooser}

    field_order = ("title", "names")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["story"].required = False
        self.fields["story"].help_text = "同一报道在几家媒体刊播，填同一个词，只计一次；不填就单独计。"
        if self.instance.pk:
            rows = self.instance.subjects.select_related("mandate__representative", "mandate__area")
            self.initial["names"] = named([row.mandate for row in rows.order_by("pk")])

    def clean(self) -> dict[str, Any]:
        """Find the people on the day of the report."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["mandates"] = self.people("names", cleaned.get("published_on"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the fields with the people."""
        return super().facts() | {"mandates": self.cleaned_data["mandates"]}


class JudgeForm(forms.Form):
    """核实: a note for who handed it in, with what is judged, so that who has the form open is told when that changes."""

    state = forms.ChoiceField(
        label="现在的状态", choices=Judged.State.choices, required=False, widget=forms.HiddenInput
    )
    about = forms.CharField(label="内容", required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="意见",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不采用时请写明原因，报送的代表会看到。",
    )


class JudgeReportForm(JudgeForm):
    """核实专题报道: the word of the story as well."""

    story = forms.CharField(
        label="同一报道", max_length=80, required=False, help_text="和下面相近的报道是同一报道时，填它的词。"
    )

    field_order = ("story", "note")


class ProposalForm(OfficeForm):
    """议案建议 with its movers."""

    first = forms.CharField(
        label="提出人（领衔）", max_length=60, help_text="按提出当天的任期登记。没有附议人时记为独立提出。"
    )
    seconders = forms.CharField(label="附议人", max_length=2000, required=False, help_text=NAMES)

    class Meta:
        model = Proposal
        fields = ("title", "ref", "submitted_on", "filed", "fine", "key")
        widgets = {"submitted_on": AdminDateInput}

    field_order = ("title", "ref", "submitted_on", "first", "seconders")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.movers.select_related("mandate__representative", "mandate__area")
            movers = list(rows.order_by("pk"))
            self.initial["first"] = named([row.mandate for row in movers if row.role != Role.CO])
            self.initial["seconders"] = named([row.mandate for row in movers if row.role == Role.CO])

    def clean(self) -> dict[str, Any]:
        """Find the movers on the day: one leads, the others second."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day = cleaned.get("submitted_on")
        first = self.people("first", day)
        seconders = self.people("seconders", day)
        if len(first) > 1:
            self.add_error("first", "领衔人只能有一位，其余的请写在附议人里。")
        lead = Role.LEAD if seconders else Role.SOLE
        cleaned["movers"] = dict.fromkeys(seconders, Role.CO) | dict.fromkeys(first, lead)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the fields with the movers."""
        return super().facts() | {"movers": self.cleaned_data["movers"]}


class HonourForm(OfficeForm):
    """履职荣誉."""

    name_of = forms.CharField(
        label="代表", max_length=60, help_text="按授予当天的任期登记。同名的在姓名后写区域。"
    )

    class Meta:
        model = Honour
        fields = ("title", "level", "awarded_on", "ref")
        widgets = {"awarded_on": AdminDateInput}

    field_order = ("name_of", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name_of"] = named([self.instance.mandate])

    def clean(self) -> dict[str, Any]:
        """Find the person on the day of the award."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        people = self.people("name_of", cleaned.get("awarded_on"))
        if len(people) > 1:
            self.add_error("name_of", "一项荣誉只登记一位代表；几位代表获得的，请分别登记。")
        cleaned["mandate"] = people[0] if people else None
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return the fields with the mandate."""
        return super().facts() | {"mandate": self.cleaned_data["mandate"]}


class StandardForm(forms.Form):
    """A standard file to store as a version."""

    file = forms.FileField(label="标准文件（.yaml）")
    is_example = forms.BooleanField(
        label="示例标准", required=False, help_text="勾选后，公开页面会注明分值只作示例。"
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MAX_STANDARD:
            raise forms.ValidationError("文件超过 512 KB，不像一份积分标准，请核对。")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("文件不是 UTF-8 编码，请在编辑软件里另存为 UTF-8 再上传。") from None


class ProposalListForm(forms.Form):
    """A list of proposals to read in."""

    file = forms.FileField(
        label="填好的表格（.xlsx）",
        help_text="不超过 2 MB、5000 行。",
        error_messages={"required": "请先选择文件。", "empty": "这份文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class AdoptForm(forms.Form):
    """The first day on which a draft is in force."""

    effective_from = forms.DateField(
        label="生效日期",
        widget=AdminDateInput,
        help_text="正在生效的一版到前一天为止；已经建立的年度仍用原来的一版。",
    )
