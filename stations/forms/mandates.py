"""Forms of seats: another mandate of a known person, its days, the days on which it is suspended."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction

from portal.models import User
from stations import operations
from stations.choosers import representative_chooser
from stations.forms.base import DateField, ScopedForm
from stations.forms.people import TagsField
from stations.models import Mandate, Representative, Suspension
from stations.policies import OFFICE_ONLY, reach


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One representative, chosen in a window; `narrow` limits it to whom the office may choose."""

    def __init__(self) -> None:
        super().__init__(
            Representative.objects.none(), label="代表", widget=representative_chooser.widget_class
        )

    def narrow(self, user: User) -> None:
        """Offer the people who have or had a mandate in the office's areas."""
        mine = Mandate.objects.filter(reach(user, OFFICE_ONLY))
        self.queryset = Representative.objects.filter(pk__in=mine.values("representative"))


class NewMandateForm(ScopedForm):
    """Another seat of a known person: re-elected, or elected in another area."""

    representative = PersonChoice()
    starts_on = DateField(label="任期开始日", help_text="在这之前的任期要先填好离任日。")
    tags = TagsField()

    class Meta:
        model = Mandate
        fields = ("representative", "term", "area", "electing_unit", "starts_on")

    def narrow(self) -> None:
        """Offer the office's people and areas."""
        super().narrow()
        person, area = self.fields["representative"], self.fields["area"]
        assert isinstance(person, PersonChoice)
        assert isinstance(area, forms.ModelChoiceField)
        person.narrow(self.user)
        area.queryset = self.areas(OFFICE_ONLY)

    def write(self) -> Mandate:
        """Add the mandate."""
        return operations.add_mandate(**self.cleaned_data, actor=self.user)


class MandateForm(ScopedForm):
    """Area and days of a known mandate, an older one too; electing unit and tags of the newest stand in the person's form."""

    starts_on = DateField(label="任期开始日", help_text="写错了才改。")
    ends_on = DateField(label="离任日", required=False, help_text="最后一个在任的日子；填错的，清空就收回。")

    class Meta:
        model = Mandate
        fields = ("area", "starts_on", "ends_on")
        help_texts: ClassVar = {
            "area": "登记错了才改。在原来的区域有了签到、请假、申报、报道等记录的，不能再改；代表小组不在新区域的，一起退出。"
        }

    def narrow(self) -> None:
        """Offer the office's areas."""
        super().narrow()
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = self.areas(OFFICE_ONLY)

    @transaction.atomic
    def write(self) -> Mandate:
        """Put the area right, and set the days anew: both or neither."""
        answers, known = self.cleaned_data, Mandate.objects.get(pk=self.instance.pk)
        operations.correct_area(mandate=known, area=answers.pop("area"), actor=self.user)
        return operations.change_mandate_days(mandate=known, **answers, actor=self.user)


class SuspensionForm(ScopedForm):
    """Days on which a mandate is suspended."""

    starts_on = DateField(label="起")
    ends_on = DateField(
        label="止", required=False, help_text="恢复前的最后一天；还不知道就不填，恢复时再补上。"
    )

    class Meta:
        model = Suspension
        fields = ("starts_on", "ends_on", "reason")
        help_texts: ClassVar = {"reason": "例如决定的文号；只有代表工作委员会能看到。"}

    def write(self) -> Suspension:
        """Set the days anew."""
        known = Suspension.objects.get(pk=self.instance.pk)
        return operations.change_suspension(suspension=known, **self.cleaned_data, actor=self.user)


class NewSuspensionForm(SuspensionForm):
    """The same for a person to be chosen: the mandate is the one of the first day."""

    representative = PersonChoice()

    field_order = ("representative", "starts_on", "ends_on", "reason")

    def narrow(self) -> None:
        """Offer the office's people."""
        super().narrow()
        person = self.fields["representative"]
        assert isinstance(person, PersonChoice)
        person.narrow(self.user)

    def clean(self) -> dict[str, Any]:
        """Find the mandate in force on the first day."""
        answers = super().clean() or {}
        person, day = answers.pop("representative", None), answers.get("starts_on")
        if person and day:
            mine = Mandate.objects.on(day).filter(reach(self.user, OFFICE_ONLY), representative=person)
            answers["mandate"] = mine.first()
            if answers["mandate"] is None:
                self.add_error("starts_on", f"{person}在这一天不在任，请核对日期。")
        return answers

    def write(self) -> Suspension:
        """Suspend."""
        return operations.suspend_mandate(**self.cleaned_data, actor=self.user)
