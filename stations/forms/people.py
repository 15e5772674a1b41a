"""Forms of people: a new representative and a known one."""

from typing import Any

from django import forms
from django.utils import timezone

from stations import operations
from stations.forms.base import DateField, ScopedForm
from stations.models import Area, DeputyGroup, Mandate, Representative, Term
from stations.operations import PrivateFacts
from stations.register.cells import SPLIT, TAG

PRIVATE = ("phone", "birth_date")
FACTS = ("name", "sex", "nation", "occupation", "phone", "birth_date", "compile_consent")


class TagsField(forms.CharField):
    """The words of a mandate that a standard may ask for, such as standing_member, in one line."""

    def __init__(self, **kwargs: Any) -> None:
        hint = "积分标准用到的标签代码，用逗号分开，例如 standing_member；没有可以不填。"
        super().__init__(label="任期标签", required=False, max_length=200, help_text=hint, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the tags as a sorted list; raise ValidationError for what is no code."""
        tags = sorted({tag for tag in SPLIT.split(str(super().clean(value) or "")) if tag})
        wrong = [tag for tag in tags if not TAG.fullmatch(tag)]
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0]}”不是标签代码：只用小写字母、数字、下划线和连字符。", code="invalid"
            )
        return tags


class PersonForm(ScopedForm):
    """What a new and a known representative have in common."""

    electing_unit = forms.CharField(label="选举单位", max_length=80, required=False)
    tags = TagsField()
    birth_date = DateField(
        label="出生日期",
        required=False,
        earliest=1900,
        ahead=-18,  # nobody younger may be elected
        help_text="只有代表工作委员会能看到。",
    )
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, help_text="只有代表工作委员会能看到。"
    )

    class Meta:
        model = Representative
        fields = FACTS

    def facts(self) -> dict[str, Any]:
        """Return the answers that both operations take, without the private ones."""
        names = ("name", "sex", "nation", "occupation", "electing_unit", "tags")
        return {name: self.cleaned_data[name] for name in names}


class NewRepresentativeForm(PersonForm):
    """A person who takes a seat."""

    term = forms.ModelChoiceField(Term.objects.order_by("-number"), label="届")
    area = forms.ModelChoiceField(Area.objects.none(), label="区域")
    starts_on = DateField(label="任期开始日")
    group = forms.ModelChoiceField(DeputyGroup.objects.none(), label="代表小组", required=False)

    field_order = ("name", "sex", "nation", "term", "area", "electing_unit", "starts_on", "group")

    def narrow(self) -> None:
        """Offer the groups of the user's areas; private facts only to who is office somewhere."""
        super().narrow()
        areas = self.areas(("editor", "office"))
        groups = (
            DeputyGroup.objects.filter(area__in=areas).select_related("term").order_by("-term__number", "pk")
        )
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = groups
        if not self.areas(("office",)).exists():
            for name in PRIVATE:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse private facts of people in areas where the user is not the office."""
        answers = super().clean() or {}
        area = answers.get("area")
        if area and any(answers.get(name) for name in PRIVATE) and not self.is_office_of(area):
            self.add_error("phone", "这个区域的手机号和出生日期由代表工作委员会填写。")
        return answers

    def write(self) -> Representative:
        """Register the person with the mandate."""
        answers = self.cleaned_data
        mandate = operations.register_representative(
            **self.facts(),
            term=answers["term"],
            area=answers["area"],
            starts_on=answers["starts_on"],
            group=answers["group"],
            birth_date=answers.get("birth_date"),
            phone=answers.get("phone") or "",
            compile_consent=answers["compile_consent"],
            actor=self.user,
        )
        return mandate.representative


class RepresentativeForm(PersonForm):
    """A known person, with the mandate that lies in the user's areas; a new group and an end are dated."""

    group = forms.ModelChoiceField(DeputyGroup.objects.none(), label="代表小组", required=False)
    group_from = DateField(
        label="从哪天起在这个小组",
        required=False,
        help_text="换小组时填写，退出小组时填不再在小组的第一天；以前的记录保持原样。",
    )
    ends_on = DateField(
        label="离任日",
        required=False,
        help_text="最后一个在任的日子；填写后不再编入以后的名单。填错的，清空就收回。",
    )

    field_order = (*FACTS[:4], "electing_unit", "group", "group_from", "tags", *FACTS[4:], "ends_on")

    def __init__(self, *args: Any, mandate: Mandate, **kwargs: Any) -> None:
        self.mandate = mandate
        membership = mandate.memberships.lasting().select_related("group").order_by("starts_on").last()
        kwargs["initial"] = {
            "electing_unit": mandate.electing_unit,
            "tags": ", ".join(mandate.tags.order_by("code").values_list("code", flat=True)),
            "group": membership and membership.group,
            "ends_on": mandate.ends_on,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def narrow(self) -> None:
        """Offer the groups of the mandate's term; private facts only to the office of the mandate's area."""
        super().narrow()
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = DeputyGroup.objects.filter(term=self.mandate.term).order_by("pk")
        if not self.is_office_of(self.mandate.area):
            for name in PRIVATE:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a day of a change of groups without such a change: it would be of no effect."""
        answers = super().clean() or {}
        if answers.get("group_from") and "group" not in self.changed_data and "group" not in self.errors:
            group = answers.get("group")
            now = f"代表小组没有变，仍是{group}" if group else "没有选代表小组"
            self.add_error(
                "group_from", f"{now}。这一天只在换小组或退出小组时填写，请先改代表小组，或清空这一天。"
            )
        return answers

    def write(self) -> Representative:
        """Change the person, then the place in a group and the end when those were changed."""
        answers = self.cleaned_data
        private = PrivateFacts(answers["phone"], answers["birth_date"]) if "phone" in self.fields else None
        mandate = operations.change_representative(
            mandate=self.mandate,
            **self.facts(),
            private=private,
            compile_consent=answers["compile_consent"],
            actor=self.user,
        )
        ended = "ends_on" in self.changed_data
        if ended and not answers["ends_on"]:
            operations.reopen_mandate(mandate=mandate, actor=self.user)
        if "group" in self.changed_data:
            day = answers["group_from"] or timezone.localdate()
            if answers["group"]:
                operations.move_to_group(mandate=mandate, group=answers["group"], day=day, actor=self.user)
            else:
                operations.leave_group(mandate=mandate, day=day, actor=self.user)
        if ended and answers["ends_on"]:
            operations.end_mandate(mandate=mandate, day=answers["ends_on"], actor=self.user)
        return mandate.representative
