"""操作日志: who did what on what, for the auditor and the office of the whole congress; it has no form but the filter."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.audit_lines import Line, choices, lines, told
from portal.models.pages import page_of
from scoring.year.steps import AREA_STEPS, YEAR_STEPS
from stations.permissions import reads_log

LINES = 50
DAYS = 30  # shown unless other days are asked for
STEPS = {name: step.label for name, step in (YEAR_STEPS | AREA_STEPS).items()} | {
    "create": "建立年度",
    "joiners": "设置评定范围",
    "shown": "设置显示",
    "draft_profile": "生成事迹草稿",
    "change": "修改",
    "remove": "删除",
}


class LogForm(forms.Form):
    """Which lines: of whom, of which action, of which days."""

    who = forms.CharField(label="谁", max_length=60, required=False)
    action = forms.ChoiceField(
        label="做了什么", required=False, error_messages={"invalid_choice": "没有这种操作，请从列表里选。"}
    )
    first = forms.DateField(
        label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["action"].choices = [("", "全部操作"), *choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Fill in the days that were not said, and refuse a span that ends before it begins."""
        given = super().clean() or {}
        last = given.get("last") or self.today
        first = given.get("first") or last - timedelta(days=DAYS)
        if first > last:
            self.add_error("last", "结束的日子早于开始的日子，请核对。")
        return given | {"first": first, "last": last}


@never_cache
@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """List the lines of the log that were asked for, the latest first (4 queries of its own)."""
    if not reads_log(request.user):
        raise Http404
    today = timezone.localdate()
    form = LogForm(today, request.GET)
    valid = form.is_valid()
    context: dict[str, Any] = {"form": form, "section": "log"}
    if valid:
        page = page_of(lines(**form.cleaned_data), request, LINES)
        context |= {
            "page": page,
            "rows": [(line, _more(line)) for line in told(page.object_list)],
            **{day: form.cleaned_data[day] for day in ("first", "last")},
        }
    return render(request, "scoring/log/log.html", context, status=200 if valid else 400)


def _more(line: Line) -> str:
    """Return what else the line holds: the step in words, the rest as it was written."""
    step = line.data.get("step", "")
    rest = [f"{key}={value}" for key, value in line.data.items() if key != "step"]
    return "；".join(filter(None, [STEPS.get(step, str(step)), *rest]))
