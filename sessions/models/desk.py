"""What the recorder's desk brings: entries that contradict each other, and the code cards of representatives."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class RollConflict(models.Model):
    """Two entries of one person that cannot both be true; a person settles it, nothing else does (rule 18)."""

    class State(models.TextChoices):
        OPEN = "open", "待核定"
        SETTLED = "settled", "已核定"

    activity = models.ForeignKey("sharing.Activity", on_delete=models.PROTECT, related_name="conflicts")
    representative = models.ForeignKey(
        "stations.Representative", on_delete=models.PROTECT, related_name="roll_conflicts"
    )
    first = models.ForeignKey("sharing.AttendanceEvent", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("sharing.AttendanceEvent", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    quiet = True  # seen on the roll only

    class Meta:
        verbose_name = "登记不一致"
        verbose_name_plural = "登记不一致"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "representative"],
                condition=Q(state="open"),
                name="one_open_conflict_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True, settled_by__isnull=True)
                | Q(state="settled", settled_at__isnull=False, settled_by__isnull=False) & ~Q(reason=""),
                name="conflict_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative}：{self.get_state_display()}"


class CodeCard(models.Model):
    """代表码: what a representative shows to be scanned. The code itself is derived, only its digest is kept."""

    representative = models.ForeignKey(
        "stations.Representative", on_delete=models.PROTECT, related_name="code_cards"
    )
    serial = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    quiet = True

    class Meta:
        verbose_name = "代表码"
        verbose_name_plural = "代表码"
        constraints = [
            models.UniqueConstraint(fields=["representative", "serial"], name="card_serial_once"),
            models.UniqueConstraint(
                fields=["representative"],
                condition=Q(revoked_at__isnull=True),
                name="one_valid_card_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} {self.serial}"
