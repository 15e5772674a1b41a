"""Forms of reception days: when voters are received, and by whom of those in office on that day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils import timezone

from stations import operations
from stations.forms.base import MandateField, MomentField, ScopedForm
from stations.forms.places import PEOPLE_SHOWN
from stations.models import Mandate, ReceptionDay
from stations.policies import EDITS, reach
from stations.querysets import in_force


class ReceivingField(MandateField):
    """Representatives to choose from; of who is not in office today it says from or until when they are."""

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Mandate)
        today, label = timezone.localdate(), super().label_from_instance(obj)
        if obj.starts_on > today:
            return f"{label}{obj.starts_on:%Y-%m-%d} 起"
        return f"{label}到 {obj.ends_on:%Y-%m-%d} 为止" if obj.ends_on and obj.ends_on < today else label


class ReceptionForm(ScopedForm):
    """When voters are received, and by whom."""

    starts_at = MomentField(label="开始")
    ends_at = MomentField(label="结束")
    mandates = ReceivingField(
        Mandate.objects.none(),
        label="接待代表",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": PEOPLE_SHOWN}),
        help_text="按住 Ctrl 可选多名。",
    )

    def narrow(self) -> None:
        """Offer, of the user's areas, whom `in_question` names."""
        super().narrow()
        field = self.fields["mandates"]
        assert isinstance(field, MandateField)
        mine = Mandate.objects.filter(self.in_question()).filter(reach(self.user, EDITS))
        people = Mandate.objects.filter(self.offered(mine.values("pk")))
        field.queryset = people.select_related("representative", "area").by_strokes()

    def in_question(self) -> Q:
        """Return the condition for a mandate that may receive; every form has its own."""
        raise AssertionError(f"{type(self).__name__} offers nobody")

    def offered(self, mine: Any) -> Q:
        """Return the condition for what is offered; `mine` are the mandates in question of the user's areas."""
        return Q(pk__in=mine)

    def clean(self) -> dict[str, Any]:
        """Say at the people's field who is not in office on that day."""
        answers = super().clean()
        starts_at, chosen = answers.get("starts_at"), answers.get("mandates")
        if starts_at and chosen:
            answers["mandates"] = self._of_day(timezone.localdate(starts_at), chosen)
        return answers

    def _of_day(self, day: date, chosen: Iterable[Mandate]) -> list[Mandate]:
        """Return the mandates of `day` of who was chosen: who is re-elected meanwhile receives by the new one."""
        there = {each.pk: each for each in chosen if each.starts_on <= day <= (each.ends_on or date.max)}
        out = {each.representative_id: each for each in chosen if each.pk not in there}
        if out:
            for other in self.people_on(day).filter(representative__in=out):
                out.pop(other.representative_id, None)
                there[other.pk] = other
        if out:
            names = "、".join(str(each) for each in out.values())
            self.add_error("mandates", f"{names}在 {day:%Y-%m-%d} 不在任，请核对日期，或者不选。")
        return list(there.values())

    def refuse_past(self, answers: dict[str, Any]) -> None:
        """Say at the end's field that the reception would be over before it is announced."""
        ends_at = answers.get("ends_at")
        if ends_at and ends_at <= timezone.now():
            self.add_error("ends_at", "这个时间已经过去，请核对日期；接待日是预告以后的接待。")

    def answers(self) -> dict[str, Any]:
        """Return what both operations take."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "mandates", "topic")}


class NewReceptionDayForm(ReceptionForm):
    """A reception day to be announced."""

    class Meta:
        model = ReceptionDay
        fields = ("station", "topic")

    field_order = ("station", "starts_at", "ends_at", "mandates", "topic")

    def in_question(self) -> Q:
        """Whoever is in office today or on a later day: a reception is announced."""
        return Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody can come to any more: most often last year's date."""
        answers = super().clean()
        self.refuse_past(answers)
        return answers

    def write(self) -> ReceptionDay:
        """Announce it."""
        return operations.plan_reception(
            station=self.cleaned_data["station"], **self.answers(), actor=self.user
        )


class ReceptionDayForm(ReceptionForm):
    """A reception day that was announced."""

    class Meta:
        model = ReceptionDay
        fields = ("topic",)

    field_order = ("starts_at", "ends_at", "mandates", "topic")

    def __init__(self, *args: Any, instance: ReceptionDay, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "starts_at": instance.starts_at,
            "ends_at": instance.ends_at,
            "mandates": instance.representatives.all(),
        } | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)

    def in_question(self) -> Q:
        """Whoever is in office on its day, and on the day to which it is being moved."""
        condition = in_force(timezone.localdate(self.instance.starts_at))
        typed = self._typed_day()
        return condition | in_force(typed) if typed else condition

    def offered(self, mine: Any) -> Q:
        """Also who receives already: nobody is lost who left or is of elsewhere."""
        return super().offered(mine) | Q(pk__in=self.instance.duties.values("mandate"))

    def _typed_day(self) -> date | None:
        field, name = self.fields["starts_at"], self.add_prefix("starts_at")
        try:
            moment = field.clean(field.widget.value_from_datadict(self.data, self.files, name))
        except forms.ValidationError:  # nothing came in, or no day: its own field says so
            return None
        return timezone.localdate(moment)

    def clean(self) -> dict[str, Any]:
        """Keep the hours of what is over, and move nothing into the past; who received may be put right."""
        answers = super().clean()
        moved = {"starts_at", "ends_at"} & set(self.changed_data)
        known = ReceptionDay.objects.values_list("ends_at", flat=True).get(pk=self.instance.pk)
        if moved and known <= timezone.now():
            self.add_error("starts_at", "这次接待已经结束，时间不能再改；另外安排的，请新建一次。")
        elif moved:
            self.refuse_past(answers)
        return answers

    def write(self) -> ReceptionDay:
        """Move it, or change who receives."""
        return operations.change_reception(reception_day=self.instance, **self.answers(), actor=self.user)
