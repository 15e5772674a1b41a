"""Who: terms of the congress, representatives, their dated mandates and groups."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from wagtail.search import index

from stations.querysets import (
    GroupMembershipQuerySet,
    MandateQuerySet,
    RepresentativeQuerySet,
    SuspensionQuerySet,
    TermQuerySet,
)

ENDS_AFTER_START = Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


class Term(models.Model):
    """届: one term of the congress."""

    number = models.PositiveSmallIntegerField("届次", unique=True)
    name = models.CharField("名称", max_length=60)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        constraints = [
            models.CheckConstraint(condition=ENDS_AFTER_START, name="term_ends_after_start"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=99), name="term_number_is_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Representative(index.Indexed, models.Model):  # type: ignore[django-manager-missing]  # a page refers to it
    """人大代表: a person. Two people of one name are two rows; no identity-card number is kept anywhere."""

    class Sex(models.TextChoices):
        MALE = "男", "男"
        FEMALE = "女", "女"

    name = models.CharField("姓名", max_length=40)
    stroke_key = models.CharField(max_length=300, editable=False)  # names.stroke_key, set by operations
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=40, editable=False)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    nation = models.CharField("民族", max_length=20, default="汉族")
    occupation = models.CharField("单位职务", max_length=80, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    phone = models.CharField("手机号", max_length=11, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="representative",
    )
    compile_consent = models.BooleanField("同意收入汇编", default=False)

    objects = RepresentativeQuerySet.as_manager()
    search_fields = [  # what is public alone; the search asks at each query who is in office
        index.SearchField("name", boost=2),
        index.SearchField("initials", boost=2),
        index.SearchField("readings", boost=2),
        index.SearchField("occupation"),
        index.RelatedFields("mandates", [index.SearchField("electing_unit")]),
        index.AutocompleteField("name"),
        index.AutocompleteField("initials"),
        index.AutocompleteField("readings"),
    ]

    class Meta:
        verbose_name = "代表"
        verbose_name_plural = "代表"
        indexes = [models.Index(fields=["stroke_key"], name="representative_by_strokes")]

    def __str__(self) -> str:
        return self.name

    @property
    def readings(self) -> list[str]:
        """The pinyin written together, of the whole name and from each later syllable: dingshili, shili, li."""
        syllables = self.pinyin.split()
        return ["".join(syllables[start:]) for start in range(len(syllables))]


class Mandate(models.Model):
    """A person's dated seat in one term. Scores belong to a mandate, never to a person."""

    representative = models.ForeignKey(
        Representative, verbose_name="代表", on_delete=models.PROTECT, related_name="mandates"
    )
    term = models.ForeignKey(Term, verbose_name="届", on_delete=models.PROTECT, related_name="mandates")
    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="mandates"
    )
    electing_unit = models.CharField("选举单位", max_length=80, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "任期"
        verbose_name_plural = "任期"
        constraints = [
            models.UniqueConstraint(fields=["representative", "term", "starts_on"], name="mandate_once"),
            models.UniqueConstraint(
                fields=["representative"],
                condition=Q(ends_on__isnull=True),
                name="one_open_mandate_a_person",
            ),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="mandate_ends_after_start"),
        ]

    def __str__(self) -> str:
        return str(self.representative)


class MandateTag(models.Model):
    """A word a standard may ask for (`applies_to`), such as standing_member."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="tags")
    code = models.SlugField("标签", max_length=40)

    WORDS: ClassVar = {
        "standing_member": "常委会组成人员"
    }  # what people call a code; others are shown as they are

    class Meta:
        verbose_name = "任期标签"
        constraints = [models.UniqueConstraint(fields=["mandate", "code"], name="mandate_tag_once")]

    def __str__(self) -> str:
        return self.code


class Suspension(models.Model):
    """暂停执行代表职务: days, both inclusive, on which a mandate is neither expected anywhere nor graded.

    Entered by the office from a decision taken elsewhere; why is never shown outside the office.
    """

    mandate = models.ForeignKey(
        Mandate, verbose_name="代表", on_delete=models.PROTECT, related_name="suspensions"
    )
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    reason = models.CharField("依据", max_length=200)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = "暂停履职"
        verbose_name_plural = "暂停履职"
        constraints = [
            models.UniqueConstraint(fields=["mandate", "starts_on"], name="suspension_once"),
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(ends_on__isnull=True), name="one_open_suspension_a_mandate"
            ),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="suspension_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.mandate}：{self.starts_on:%Y-%m-%d} 起暂停履职"


class DeputyGroup(models.Model):
    """代表小组 of one term."""

    term = models.ForeignKey(Term, verbose_name="届", on_delete=models.PROTECT, related_name="groups")
    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="groups"
    )
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = "代表小组"
        verbose_name_plural = "代表小组"
        constraints = [models.UniqueConstraint(fields=["term", "name"], name="group_once_a_term")]

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """A mandate's place in a group, from one day to another."""

    group = models.ForeignKey(
        DeputyGroup, verbose_name="小组", on_delete=models.PROTECT, related_name="memberships"
    )
    mandate = models.ForeignKey(
        Mandate, verbose_name="代表", on_delete=models.PROTECT, related_name="memberships"
    )
    is_leader = models.BooleanField("组长", default=False)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "小组成员"
        verbose_name_plural = "小组成员"
        constraints = [
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(ends_on__isnull=True), name="one_open_group_a_mandate"
            ),
            models.CheckConstraint(condition=ENDS_AFTER_START, name="membership_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.group}：{self.mandate}"
