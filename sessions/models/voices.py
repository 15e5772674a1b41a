"""Questions to a session, and bright ideas (金点子) with their authors and the history of their handling."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from wagtail.search import index

from sessions.voices.querysets import IdeaQuerySet, QuestionQuerySet

UNSIGNED = Q(asked_by__isnull=True) | Q(guest_name="")


class Question(models.Model):
    """A question before or during a session. Nobody but its asker and the staff sees it until it is released."""

    class State(models.TextChoices):
        WAITING = "waiting", "待审核"
        RELEASED = "released", "已公开"
        DECLINED = "declined", "未公开"

    activity = models.ForeignKey(
        "sharing.Activity", verbose_name="活动", on_delete=models.PROTECT, related_name="questions"
    )
    asked_by = models.ForeignKey(
        "stations.Representative",
        verbose_name="提问代表",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="questions",
    )
    guest_name = models.CharField("提问人（非代表）", max_length=40, blank=True)
    text = models.CharField("问题", max_length=200)
    state = models.CharField("审核", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("未公开的原因", max_length=200, blank=True)
    position = models.IntegerField("次序", default=0)
    asked_at = models.DateTimeField("提问时间")
    answer = models.TextField("回答", blank=True)
    answered_by = models.CharField("回答人", max_length=60, blank=True)
    answered_at = models.DateTimeField("回答时间", null=True, blank=True)
    nonce = models.CharField(max_length=64, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()
    quiet = True  # the operations drop the stored pages when something public changes

    class Meta:
        verbose_name = "提问"
        verbose_name_plural = "提问"
        constraints = [
            models.CheckConstraint(condition=UNSIGNED, name="question_of_representative_or_guest"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="question_answer_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "released", "declined"]), name="question_state_known"
            ),
            models.UniqueConstraint(
                fields=["asked_by", "nonce"], condition=~Q(nonce=""), name="question_once_a_form"
            ),
            models.UniqueConstraint(  # typed by the staff: no person of the table stands behind the nonce
                fields=["activity", "nonce"],
                condition=Q(asked_by__isnull=True) & ~Q(nonce=""),
                name="floor_question_once_a_form",
            ),
        ]
        indexes = [models.Index(fields=["activity", "state", "position"], name="question_by_activity")]

    def __str__(self) -> str:
        return f"第 {self.pk} 号提问"

    @property
    def asker(self) -> str:
        """Who asked, as it is written; empty when nobody said."""
        return f"{self.asked_by.name}代表" if self.asked_by else self.guest_name


class Idea(index.Indexed, models.Model):
    """金点子. Merged ideas stay rows of their own with their authors; the head of the group stands for all."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待审核"
        RELEASED = "released", "已公开"
        DECLINED = "declined", "未公开"

    class Handling(models.TextChoices):
        RECEIVED = "received", "已收"
        HANDED_OVER = "handed_over", "已交办"
        STUDYING = "studying", "研究中"
        ADOPTED = "adopted", "已采纳"
        ANSWERED = "answered", "已答复"
        NOT_ADOPTED = "not_adopted", "未采纳"

    OPEN = (Handling.RECEIVED, Handling.HANDED_OVER, Handling.STUDYING)
    SETTLED = (Handling.ADOPTED, Handling.ANSWERED, Handling.NOT_ADOPTED)

    area = models.ForeignKey(
        "stations.Area", verbose_name="区域", on_delete=models.PROTECT, related_name="ideas"
    )
    activity = models.ForeignKey(
        "sharing.Activity",
        verbose_name="活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    submitted_by = models.ForeignKey(
        "stations.Representative",
        verbose_name="提交代表",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="submitted_ideas",
    )
    guest_name = models.CharField("提出人（非代表）", max_length=40, blank=True)
    title = models.CharField("题目", max_length=60)
    text = models.TextField("内容")
    theme = models.CharField("主题", max_length=30, blank=True)
    submitted_at = models.DateTimeField("提交时间")
    state = models.CharField("审核", max_length=10, choices=State.choices, default=State.SUBMITTED)
    reason = models.CharField("未公开的原因", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    handling = models.CharField("办理", max_length=12, choices=Handling.choices, default=Handling.RECEIVED)
    handed_to = models.CharField("承办单位", max_length=60, blank=True)
    handed_on = models.DateField("交办日期", null=True, blank=True)
    reply = models.TextField("答复", blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", verbose_name="并入", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    nonce = models.CharField(max_length=64, blank=True, editable=False)

    objects = IdeaQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=2),
        *(index.SearchField(name) for name in ("text", "theme", "handed_to", "reply", "people")),
        index.AutocompleteField("title"),
    ]
    quiet = True  # the operations drop the stored pages when something public changes

    class Meta:
        verbose_name = "金点子"
        verbose_name_plural = "金点子"
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="idea_number_once_a_year"),
            models.UniqueConstraint(
                fields=["submitted_by", "nonce"], condition=~Q(nonce=""), name="idea_once_a_form"
            ),
            models.UniqueConstraint(
                fields=["activity", "nonce"],
                condition=Q(submitted_by__isnull=True) & ~Q(nonce=""),
                name="entered_idea_once_a_form",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(year__isnull=False, number__isnull=False),
                name="idea_released_has_number",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("pk")),
                name="idea_not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "released", "declined"]), name="idea_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-submitted_at"], name="idea_newest_first"),
            models.Index(fields=["activity", "state"], name="idea_by_activity"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def get_indexed_objects(cls) -> Any:
        """Only what is public is in the index."""
        return cls.objects.public().signed()

    @property
    def people(self) -> list[str]:
        """Names of all authors of the group, each once: who was first stays first.

        No query after .signed(), or when voices_of has listed both.
        """
        names: dict[object, str] = {}
        merged = self.merged_listed if hasattr(self, "merged_listed") else self.merged.all()
        for idea in (self, *sorted(merged, key=lambda each: (each.submitted_at, each.pk))):
            for key, name in idea.authors:
                names.setdefault(key, name)
            if idea.guest_name:
                names.setdefault(idea.guest_name, idea.guest_name)
        return list(names.values())

    @property
    def authors(self) -> list[tuple[int, str]]:
        """Its own authors as (key, name), in the order of the signatures."""
        if hasattr(self, "authors_listed"):
            return list(self.authors_listed)
        return [(row.representative_id, row.representative.name) for row in self.authorships.all()]

    @property
    def signature(self) -> str:
        """All authors in one line."""
        return "、".join(self.people)

    @property
    def tone(self) -> str:
        """The colour of the tag of the handling (DESIGN_LANGUAGE §6.4); the word stands in it."""
        if self.handling == self.Handling.ADOPTED:
            return "ok"
        return "warn" if self.handling == self.Handling.STUDYING else "sky"


class IdeaAuthor(models.Model):
    """One of those who had the idea, in the order of the signatures."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="authorships")
    representative = models.ForeignKey(
        "stations.Representative", verbose_name="代表", on_delete=models.PROTECT, related_name="authorships"
    )
    position = models.PositiveSmallIntegerField("次序", default=0)

    quiet = True

    class Meta:
        verbose_name = "金点子作者"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["idea", "representative"], name="idea_author_once")]

    def __str__(self) -> str:
        return str(self.representative)


class IdeaEvent(models.Model):
    """What became of an idea, in order; the database refuses to change or delete a line."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "提交"
        RELEASED = "released", "公开"
        DECLINED = "declined", "不公开"
        HANDLED = "handled", "办理"
        MERGED = "merged", "并入另一条"
        JOINED = "joined", "同类点子并入"
        SPLIT = "split", "分开"

    PUBLIC = (Kind.SUBMITTED, Kind.RELEASED, Kind.HANDLED)

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    old = models.CharField(max_length=12, blank=True)
    new = models.CharField(max_length=12, blank=True)
    organ = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)  # the reply, or the reason of declining
    other = models.ForeignKey(Idea, null=True, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    quiet = True

    class Meta:
        verbose_name = "金点子经过"
        ordering = ["happened_on", "pk"]
        indexes = [models.Index(fields=["idea", "happened_on"], name="idea_history")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"

    @property
    def step(self) -> str:
        """What was done, in one word: the new handling where it is one."""
        return (
            str(Idea.Handling(self.new).label) if self.kind == self.Kind.HANDLED else self.get_kind_display()
        )
