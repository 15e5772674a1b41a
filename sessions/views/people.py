"""The staff's pages of an activity's list: who is on it, adding by group or by pasted names, taking off."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from sessions.checkin.rolls import matching
from sessions.list_forms import EnrolForm, ListSearchForm, NamesForm, TickedForm
from sessions.models import Enrolment
from sessions.operations import enrol, enrol_from, put_back, take_off_list
from sessions.views.staff import ActivityStepView
from stations.models import Representative

LIST_PAGE = 50
State = Enrolment.State


class PeopleView(ActivityStepView):
    """参会名单: search, paging, taking people off and putting them back."""

    template_name = "sessions/admin/people.html"
    page_title = "参会名单"
    form_class = TickedForm
    header_icon = "group"
    submit_button_label = "移出名单"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose list it is, and which side of it is shown."""
        return super().get_form_kwargs() | {"activity": self.activity, "off": self.off}

    @property
    def off(self) -> bool:
        """Whether those are shown who are on the list no more."""
        return self.request.GET.get("basis") == "off"

    def perform(self, form: Any) -> str:
        """Take the ticked people off, or put them back as what they were."""
        people = Representative.objects.filter(pk__in=form.cleaned_data["people"])
        how: dict[str, Any] = {
            "activity": self.activity,
            "representatives": people,
            "actor": self.request.user,
        }
        if self.off:
            messages.success(self.request, f"已放回 {put_back(**how)} 人，依据和原来一样。")
        else:
            number = take_off_list(**how, moment=timezone.now())
            said = f"已移出 {number} 人。移出的记录保留在“已不在名单”里，可以从那里放回。"
            messages.success(self.request, said)
        return self.request.get_full_path()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list, as searched."""
        search = ListSearchForm(self.request.GET)
        search.is_valid()
        words, basis = search.cleaned_data.get("q", ""), search.cleaned_data.get("basis", "")
        rows = Enrolment.objects.filter(activity=self.activity).with_place()
        rows = rows.filter(state=State.WITHDRAWN) if self.off else rows.exclude(state=State.WITHDRAWN)
        if basis and not self.off:
            rows = rows.filter(basis=basis)
        if words:
            rows = rows.filter(matching(words, "representative__"))
        rows = rows.select_related("representative", "mandate__area", "taken_off_by")
        rows = rows.order_by("representative__stroke_key", "pk")
        page = Paginator(rows, LIST_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "rows": page,
            "activity": self.activity,
            "search": search,
            "off": self.off,
            "changeable": self.activity.state in {"draft", "open"},
        }


class EnrolView(ActivityStepView):
    """Adding people by group, station, industry point, area and tag."""

    template_name = "sessions/admin/enrol.html"
    page_title = "编入参会名单"
    form_class = EnrolForm
    header_icon = "group"
    submit_button_label = "列入名单"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose areas and which day count."""
        return super().get_form_kwargs() | {"user": self.request.user, "activity": self.activity}

    def perform(self, form: Any) -> str:
        """Put the chosen people on the list and say how many are new."""
        listed = enrol_from(activity=self.activity, sources=form.sources(), actor=self.request.user)  # type: ignore[arg-type]
        if not listed.chosen:
            messages.warning(self.request, "按这个条件没有找到活动当天在任的代表，名单没有变。")
        else:
            messages.success(self.request, f"选中 {listed.chosen} 人，新列入 {listed.added} 人。")
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many are on the list now."""
        number = Enrolment.objects.filter(activity=self.activity).exclude(state=State.WITHDRAWN).count()
        return super().get_context_data(**kwargs) | {"activity": self.activity, "number": number}


class NamesView(ActivityStepView):
    """Adding people by pasted names: a preview of every line, then all of them or none."""

    template_name = "sessions/admin/names.html"
    page_title = "粘贴名单"
    form_class = NamesForm
    header_icon = "group"
    submit_button_label = "核对名单"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know whose areas and which day count."""
        return super().get_form_kwargs() | {"user": self.request.user, "activity": self.activity}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what every line means; enter the people once exactly this was seen."""
        if form.settled:
            return super().form_valid(form)
        data = self.request.POST.copy()
        data["seen"] = "" if form.problems else form.digest
        again = NamesForm(data, user=self.request.user, activity=self.activity)  # type: ignore[arg-type]
        again.is_valid()
        if not form.problems:
            self.submit_button_label = f"列入 {len(form.lines)} 人"
        return self.render_to_response(self.get_context_data(form=again))

    def perform(self, form: Any) -> str:
        """Put everybody on the list."""
        added = enrol(
            activity=self.activity,
            mandates=[line.mandate for line in form.lines],
            basis=form.cleaned_data["basis"],
            role=form.cleaned_data["role"],
            actor=self.request.user,  # type: ignore[arg-type]
        )
        messages.success(self.request, f"名单共 {len(form.lines)} 人，新列入 {added} 人。")
        return reverse("activity:people", args=[self.activity.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the activity, for the ways back."""
        return super().get_context_data(**kwargs) | {"activity": self.activity}
