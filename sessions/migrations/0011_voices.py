import json
import uuid
from collections import defaultdict
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from portal.append_only import guard

TITLE = "代表"
HANDLING = {"已采纳": "adopted", "研究中": "studying", "已转交": "handed_over", "已答复": "answered"}
# What has no word of its own in the old choice goes back as the nearest one.
WORDS = {code: word for word, code in HANDLING.items()} | {"received": "研究中", "not_adopted": "已答复"}


def forwards(apps: Any, editor: Any) -> None:
    """Turn the blocks of every session's page into rows: released, with the moments of the session."""
    people = _people(apps)
    numbers: dict[int, int] = defaultdict(int)
    for activity, questions, ideas in _pages(apps, editor):
        for position, block in enumerate(questions):
            _question(apps, activity, block["value"], people, position)
        for block in ideas:
            year = timezone.localtime(activity.starts_at).year
            numbers[year] += 1
            _idea(apps, activity, block["value"], people, (year, numbers[year]))


def _people(apps: Any) -> dict[str, Any]:
    """Return {name: person} of names that one person alone has."""
    named = defaultdict(list)
    for person in apps.get_model("stations", "Representative").objects.all():
        named[person.name].append(person)
    return {name: rows[0] for name, rows in named.items() if len(rows) == 1}


def _pages(apps: Any, editor: Any) -> list[tuple[Any, list[Any], list[Any]]]:
    """Return (activity, blocks of questions, blocks of ideas) of each page, the earliest session first.

    Read as text: without their block types the fields of a migration's model drop what they hold.
    """
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT activity_id, questions, ideas FROM sharing_sharingsessionpage")
        rows = {key: (_blocks(questions), _blocks(ideas)) for key, questions, ideas in cursor.fetchall()}
    activities = apps.get_model("sharing", "Activity").objects.filter(pk__in=rows)
    return [(activity, *rows[activity.pk]) for activity in activities.order_by("starts_at", "pk")]


def _blocks(stored: Any) -> list[Any]:
    return list((json.loads(stored) if isinstance(stored, str) else stored) or [])


def _who(name: str, people: dict[str, Any]) -> tuple[Any, str]:
    """Return the representative that is meant, else the words as they stand."""
    person = people.get(name.removesuffix(TITLE))
    return (person, "") if person else (None, name)


def _question(apps: Any, activity: Any, value: Any, people: dict[str, Any], position: int) -> None:
    person, guest = _who(value.get("asked_by") or "", people)
    answer = value.get("answer") or ""
    apps.get_model("sharing", "Question").objects.create(
        activity=activity, asked_by=person, guest_name=guest, text=value["question"], state="released",
        position=position, asked_at=activity.starts_at, answer=answer,
        answered_at=activity.ends_at if answer else None,
    )  # fmt: skip


def _idea(apps: Any, activity: Any, value: Any, people: dict[str, Any], ref: tuple[int, int]) -> None:
    person, guest = _who(value.get("by") or "", people)
    handling = HANDLING.get(value.get("status"), "studying")
    idea = apps.get_model("sharing", "Idea").objects.create(
        area_id=activity.area_id, activity=activity, submitted_by=person, guest_name=guest, title=value["title"],
        text=value["text"], theme=activity.theme, submitted_at=activity.starts_at, state="released", year=ref[0],
        number=ref[1], handling=handling,
    )  # fmt: skip
    if person:
        apps.get_model("sharing", "IdeaAuthor").objects.create(idea=idea, representative=person)
    day = timezone.localdate(activity.starts_at)
    for kind, new in (("submitted", ""), ("released", ""), ("handled", handling)):
        apps.get_model("sharing", "IdeaEvent").objects.create(
            idea=idea, kind=kind, new=new, happened_on=day, recorded_at=activity.starts_at
        )


def backwards(apps: Any, editor: Any) -> None:
    """Write what is public back into the pages; what was never released and the histories have no place there."""
    questions, ideas = defaultdict(list), defaultdict(list)
    asked = apps.get_model("sharing", "Question").objects.filter(state="released").select_related("asked_by")
    for row in asked.order_by("position", "asked_at", "pk"):
        by = f"{row.asked_by.name}{TITLE}" if row.asked_by else row.guest_name
        value = {"asked_by": by, "question": row.text, "answer": row.answer}
        questions[row.activity_id].append({"type": "question", "value": value, "id": str(uuid.uuid4())})
    public = apps.get_model("sharing", "Idea").objects.filter(state="released", duplicate_of=None)
    for row in public.exclude(activity=None).order_by("year", "number"):
        names = [f"{a.representative.name}{TITLE}" for a in row.authorships.order_by("position", "pk")]
        by = "、".join([*names, *filter(None, [row.guest_name])])[:40]
        value = {"title": row.title, "text": row.text, "by": by, "status": WORDS[row.handling]}
        ideas[row.activity_id].append({"type": "idea", "value": value, "id": str(uuid.uuid4())})
    with editor.connection.cursor() as cursor:
        for activity in {*questions, *ideas}:
            cursor.execute(
                "UPDATE sharing_sharingsessionpage SET questions = %s, ideas = %s WHERE activity_id = %s",
                [json.dumps(questions[activity]), json.dumps(ideas[activity]), activity],
            )


class Migration(migrations.Migration):
    """Questions and ideas become rows of their own; what stood in the pages of sessions moves there."""

    dependencies = [
        ("sharing", "0010_offline_desk"),
        ("stations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Idea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guest_name", models.CharField(blank=True, max_length=40, verbose_name="提出人（非代表）")),
                ("title", models.CharField(max_length=60, verbose_name="题目")),
                ("text", models.TextField(verbose_name="内容")),
                ("theme", models.CharField(blank=True, max_length=30, verbose_name="主题")),
                ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("submitted", "待审核"), ("released", "已公开"), ("declined", "未公开")],
                        default="submitted",
                        max_length=10,
                        verbose_name="审核",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="未公开的原因")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="编号")),
                (
                    "handling",
                    models.CharField(
                        choices=[
                            ("received", "已收"),
                            ("handed_over", "已交办"),
                            ("studying", "研究中"),
                            ("adopted", "已采纳"),
                            ("answered", "已答复"),
                            ("not_adopted", "未采纳"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="办理",
                    ),
                ),
                ("handed_to", models.CharField(blank=True, max_length=60, verbose_name="承办单位")),
                ("handed_on", models.DateField(blank=True, null=True, verbose_name="交办日期")),
                ("reply", models.TextField(blank=True, verbose_name="答复")),
                ("replied_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("nonce", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ideas",
                        to="sharing.activity",
                        verbose_name="活动",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ideas",
                        to="stations.area",
                        verbose_name="区域",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="sharing.idea",
                        verbose_name="并入",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submitted_ideas",
                        to="stations.representative",
                        verbose_name="提交代表",
                    ),
                ),
            ],
            options={
                "verbose_name": "金点子",
                "verbose_name_plural": "金点子",
                "indexes": [
                    models.Index(fields=["state", "-submitted_at"], name="idea_newest_first"),
                    models.Index(fields=["activity", "state"], name="idea_by_activity"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="idea_number_once_a_year"),
                    models.UniqueConstraint(
                        condition=models.Q(("nonce", ""), _negated=True),
                        fields=("submitted_by", "nonce"),
                        name="idea_once_a_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(("number__isnull", False), ("year__isnull", False)),
                            _connector="OR",
                        ),
                        name="idea_released_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duplicate_of__isnull", True),
                            models.Q(("duplicate_of", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="idea_not_its_own_duplicate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["submitted", "released", "declined"])),
                        name="idea_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("submitted_by__isnull", True), models.Q(("nonce", ""), _negated=True)
                        ),
                        fields=("activity", "nonce"),
                        name="entered_idea_once_a_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                (
                    "idea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorships",
                        to="sharing.idea",
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorships",
                        to="stations.representative",
                        verbose_name="代表",
                    ),
                ),
            ],
            options={
                "verbose_name": "金点子作者",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("idea", "representative"), name="idea_author_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "提交"),
                            ("released", "公开"),
                            ("declined", "不公开"),
                            ("handled", "办理"),
                            ("merged", "并入另一条"),
                            ("joined", "同类点子并入"),
                            ("split", "分开"),
                        ],
                        max_length=10,
                    ),
                ),
                ("old", models.CharField(blank=True, max_length=12)),
                ("new", models.CharField(blank=True, max_length=12)),
                ("organ", models.CharField(blank=True, max_length=60)),
                ("text", models.TextField(blank=True)),
                ("happened_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "idea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="sharing.idea"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.idea",
                    ),
                ),
            ],
            options={
                "verbose_name": "金点子经过",
                "ordering": ["happened_on", "pk"],
                "indexes": [models.Index(fields=["idea", "happened_on"], name="idea_history")],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guest_name", models.CharField(blank=True, max_length=40, verbose_name="提问人（非代表）")),
                ("text", models.CharField(max_length=200, verbose_name="问题")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待审核"), ("released", "已公开"), ("declined", "未公开")],
                        default="waiting",
                        max_length=10,
                        verbose_name="审核",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="未公开的原因")),
                ("position", models.IntegerField(default=0, verbose_name="次序")),
                ("asked_at", models.DateTimeField(verbose_name="提问时间")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("answered_by", models.CharField(blank=True, max_length=60, verbose_name="回答人")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答时间")),
                ("nonce", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="sharing.activity",
                        verbose_name="活动",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="stations.representative",
                        verbose_name="提问代表",
                    ),
                ),
            ],
            options={
                "verbose_name": "提问",
                "verbose_name_plural": "提问",
                "indexes": [
                    models.Index(fields=["activity", "state", "position"], name="question_by_activity")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("asked_by__isnull", True), ("guest_name", ""), _connector="OR"),
                        name="question_of_representative_or_guest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_answer_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "released", "declined"])),
                        name="question_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("nonce", ""), _negated=True),
                        fields=("asked_by", "nonce"),
                        name="question_once_a_form",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("asked_by__isnull", True), models.Q(("nonce", ""), _negated=True)
                        ),
                        fields=("activity", "nonce"),
                        name="floor_question_once_a_form",
                    ),
                ],
            },
        ),
        guard("sharing_ideaevent"),
        migrations.RunPython(forwards, backwards),
        migrations.RemoveField(
            model_name="sharingsessionpage",
            name="ideas",
        ),
        migrations.RemoveField(
            model_name="sharingsessionpage",
            name="questions",
        ),
    ]
