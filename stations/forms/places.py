"""Forms of places: areas and grants, stations, rosters, reception days."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils import timezone

from portal.models import User
from stations import operations
from stations.forms.base import DateField, MandateField, MomentField, ScopedForm
from stations.models import Area, AreaGrant, Mandate, ReceptionDay, RosterEntry, Station
from stations.policies import OFFICE_ONLY, unlimited

PEOPLE_SHOWN = 12  # rows of the list of people, before it scrolls


class CodedForm(ScopedForm):
    """What a new and a known area share: a code unlike those around it is taken when the clerk insists."""

    insist = forms.BooleanField(
        label="代码没有写错，就这样登记",
        required=False,
        widget=forms.HiddenInput,  # shown once it is asked for
        help_text="例如由开发区代管的乡镇，代码和上级不同。",
    )

    def clean(self) -> dict[str, Any]:
        """Say beside the code what is wrong with it; one that stays as it is is not looked at."""
        answers = super().clean()
        known = self.instance if self.instance.pk else None
        level = known.level if known else answers.get("level")
        if level and "code" in answers and "code" in self.changed_data:
            try:
                answers["code"] = operations.checked_code(answers["code"], level, besides=known)
            except operations.PersonRefused as refused:
                self.add_error("code", str(refused))
        return answers

    def written(self, write: Callable[..., Area], **more: Any) -> Area:
        """Return what the operation wrote; the box appears when it found the code unlike those around it."""
        try:
            return write(**self.cleaned_data, **more, actor=self.user)
        except operations.CodeUnlikeBranch as refused:
            self.fields["insist"].widget = forms.CheckboxInput()
            raise operations.PersonRefused(
                f"{refused}确实没有写错的，请勾选“代码没有写错”再保存。"
            ) from refused


class NewAreaForm(CodedForm):
    """A node below one of the user's areas; the first of all stands alone."""

    code = forms.CharField(
        label="区划代码", max_length=24, help_text="地级市和县（市、区）6 位数字，乡镇、街道 9 位数字。"
    )
    parent = forms.ModelChoiceField(
        Area.objects.none(),
        label="上级区域",
        required=False,
        help_text="以后不能改；选错了的，没有用过可以删除，再登记一次。",
    )

    class Meta:
        model = Area
        fields = ("code", "name", "level")

    field_order = ("level", "parent", "code", "name", "insist")

    def narrow(self) -> None:
        """Offer the user's areas, the highest first chosen; only the first of all stands below none."""
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.areas(OFFICE_ONLY)
        field.required = not unlimited(self.user) or Area.objects.exists()
        field.initial = field.queryset.first()

    def write(self) -> Area:
        """Add the area to the tree."""
        return self.written(operations.add_area)


class AreaForm(CodedForm):
    """A known area: its name, and its code when that was typed wrong."""

    code = forms.CharField(label="区划代码", max_length=24, help_text="写错了才改。")

    class Meta:
        model = Area
        fields = ("name", "code")

    def write(self) -> Area:
        """Change the area."""
        return self.written(operations.change_area, area=self.instance)


class AreaGrantForm(ScopedForm):
    """Who may do what in which branch of the tree."""

    class Meta:
        model = AreaGrant
        fields = ("user", "area", "role")
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": "这个账号在这个区域已有这个身份，不用再授予。"}
        }

    def narrow(self) -> None:
        """The office gives roles in its own branch only."""
        area, account = self.fields["area"], self.fields["user"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(account, forms.ModelChoiceField)
        area.queryset = self.areas(OFFICE_ONLY)
        account.queryset = User.objects.filter(is_active=True).order_by("username")

    def write(self) -> AreaGrant:
        """Grant the role."""
        answers = self.cleaned_data
        return operations.grant(
            user=answers["user"], area=answers["area"], role=answers["role"], actor=self.user
        )


class StationForm(ScopedForm):
    """A liaison station or an industry liaison point, new or known."""

    class Meta:
        model = Station
        fields = ("kind", "name", "area", "industry", "address", "phone", "hours", "access", "map_x", "map_y")

    def clean_phone(self) -> str:
        """A public number that a phone can dial: 12345 is the shortest."""
        number: str = self.cleaned_data["phone"]
        if number and sum(mark.isdigit() for mark in number) < 5:
            raise forms.ValidationError("电话要有号码，例如 0374-8000000；没有电话就空着。")
        return number

    def clean(self) -> dict[str, Any]:
        """An industry point names its industry."""
        answers = super().clean()
        if answers.get("kind") == Station.Kind.INDUSTRY and answers.get("industry") == "":
            self.add_error("industry", "产业联络点请填写产业。")
        return answers

    def write(self) -> Station:
        """Register the station, or change it."""
        if self.instance.pk:
            return operations.change_station(station=self.instance, **self.cleaned_data, actor=self.user)
        return operations.add_station(**self.cleaned_data, actor=self.user)


class NewRosterEntryForm(ScopedForm):
    """Several representatives who begin to work from a station on one day."""

    mandates = MandateField(
        Mandate.objects.none(),
        label="代表",
        widget=forms.SelectMultiple(attrs={"size": PEOPLE_SHOWN}),
        help_text="按住 Ctrl 可选多名。",
    )
    starts_on = DateField(label="起")

    class Meta:
        model = RosterEntry
        fields = ("station", "duty", "starts_on")

    field_order = ("station", "mandates", "duty", "starts_on")

    def write(self) -> Station:
        """Put them on the roster; who is there already stays as before."""
        answers = self.cleaned_data
        operations.add_to_roster(
            station=answers["station"],
            mandates=answers["mandates"],
            starts_on=answers["starts_on"],
            duty=answers["duty"],
            actor=self.user,
        )
        station: Station = answers["station"]
        return station


class RosterEntryForm(ScopedForm):
    """A known entry: its duty, and until when it lasts."""

    ends_on = DateField(label="止", required=False, help_text="最后一个驻站的日子。")

    class Meta:
        model = RosterEntry
        fields = ("duty", "ends_on")

    def write(self) -> RosterEntry:
        """Change the entry."""
        answers = self.cleaned_data
        return operations.change_roster_entry(
            entry=self.instance, duty=answers["duty"], ends_on=answers["ends_on"], actor=self.user
        )


class ReceptionForm(ScopedForm):
    """When voters are received, and by whom."""

    starts_at = MomentField(label="开始")
    ends_at = MomentField(label="结束")
    mandates = MandateField(
        Mandate.objects.none(),
        label="接待代表",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": PEOPLE_SHOWN}),
        help_text="按住 Ctrl 可选多名。",
    )

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

    def narrow(self) -> None:
        """Offer, beside who can be chosen now, who receives already: nobody is lost who left or is of elsewhere."""
        super().narrow()
        field = self.fields["mandates"]
        assert isinstance(field, MandateField)
        now: Any = field.queryset
        offered = Q(pk__in=now.order_by().values("pk")) | Q(reception_duties__reception_day=self.instance)
        people = Mandate.objects.filter(pk__in=Mandate.objects.filter(offered).values("pk"))
        field.queryset = people.select_related("representative", "area").by_strokes()

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
