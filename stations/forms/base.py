"""What the staff's forms share: who fills them in, and the areas and people that person may choose."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from portal.models import User
from stations.models import Area, Mandate, Station
from stations.permissions import Role, holds
from stations.policies import EDITS, reach, unlimited


class MandateField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Representatives to choose from, told apart by group or area when two have one name."""

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Mandate)
        return f"{obj.representative.name}（{obj.area.name}）"


class ScopedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that offers only what lies in the areas of `user`; `write` hands the answers to one operation."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.narrow()
        if not self.is_bound:
            self._say_what_comes_first()

    def _say_what_comes_first(self) -> None:
        """On the first day of a site a list may hold nothing to choose: say what has to be registered before."""
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.required:
                choices: Any = field.queryset
                if not choices.exists():
                    field.help_text = f"还没有可以选的{field.label}，请先登记。"

    def narrow(self) -> None:
        """Limit the choices of areas, stations and people to what the user may edit."""
        area, station = self.fields.get("area"), self.fields.get("station")
        if isinstance(area, forms.ModelChoiceField):
            area.queryset = self.areas(EDITS)
        if isinstance(station, forms.ModelChoiceField):
            station.queryset = Station.objects.filter(reach(self.user, EDITS)).order_by("area__code", "pk")
        if isinstance(people := self.fields.get("mandates"), MandateField):
            people.queryset = self.people_on(timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Refuse an end before its start in words, where the database would name its constraint."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = answers.get("starts_on"), answers.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "结束日不能早于开始日。")
        return answers

    def validate_unique(self) -> None:
        """Leave it to the operation, which says in words what there is already; Django would name columns."""

    def areas(self, roles: tuple[str, ...]) -> QuerySet[Any]:
        """Return the areas the user reaches in one of `roles`, in the order of the tree."""
        areas: QuerySet[Any] = Area.objects.filter(reach(self.user, roles, "")).order_by("path")
        return areas

    def people_on(self, day: date) -> QuerySet[Any]:
        """Return the mandates of `day` in the user's areas, in 姓名笔画 order."""
        mandates = Mandate.objects.on(day).filter(reach(self.user, EDITS))
        return mandates.select_related("representative", "area").order_by("representative__stroke_key", "pk")

    def is_office_of(self, area: Area) -> bool:
        """Whether the user may read and write private facts of people in `area`."""
        return unlimited(self.user) or holds(self.user, (Role.OFFICE,), area)

    def write(self) -> Model:
        """Hand the cleaned answers to one operation and return what it wrote; every form has its own."""
        raise AssertionError(f"{type(self).__name__} writes nothing")


EARLIEST, AHEAD = 1949, 20  # years: the first that a day here may lie in, and how many after this one


def _in_reach(day: date, earliest: int, ahead: int) -> None:
    latest = timezone.localdate().year + ahead
    if not earliest <= day.year <= latest:
        raise forms.ValidationError(
            f"{day.year:04} 年多半写错了，请填写 {earliest} 到 {latest} 年之间的日子。", code="out_of_reach"
        )


class DateField(forms.DateField):
    """A day, chosen from Wagtail's calendar or typed as people write it; a year far off is a slip of the hand."""

    widget = AdminDateInput
    default_error_messages: ClassVar = {"invalid": "没有看懂这个日期，请写成 2026-07-01 或 2026年7月1日。"}

    def __init__(self, *, earliest: int = EARLIEST, ahead: int = AHEAD, **kwargs: Any) -> None:
        self.earliest, self.ahead = earliest, ahead
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a year out of reach."""
        super().validate(value)
        if value:
            _in_reach(value, self.earliest, self.ahead)


class MomentField(forms.DateTimeField):
    """A day and a time of day, of the same years."""

    widget = AdminDateTimeInput
    default_error_messages: ClassVar = {"invalid": "没有看懂这个时间，请写成 2026-07-01 09:00。"}

    def validate(self, value: Any) -> None:
        """Raise ValidationError for a year out of reach."""
        super().validate(value)
        if value:
            _in_reach(timezone.localdate(value), EARLIEST, AHEAD)
