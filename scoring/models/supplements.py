"""补充决定: after the confirmation the only way to another figure; numbered, sealed, append-only."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.uploads import PrivateName, private_storage
from scoring.models.years import FrozenSheet, Year

ON_LIST = "+"  # as the item of an adjustment: no item has this code


class Supplement(models.Model):
    """One decision about a confirmed year, with its link in the chain that begins at the year's digest."""

    year = models.ForeignKey(Year, verbose_name="年度", on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField("补充号")  # 1, 2, … without gaps
    meeting = models.CharField("会议", max_length=80)
    reference = models.CharField("文号", max_length=60)
    decided_on = models.DateField("决定日期")
    document = models.FileField(
        "决定文件", storage=private_storage, upload_to=PrivateName("supplements"), max_length=120, blank=True
    )
    document_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    previous = models.CharField(
        max_length=64
    )  # the link before: the digest of the year, or of the supplement before
    seal = models.CharField("补充摘要", max_length=64)

    quiet = True

    class Meta:
        verbose_name = "补充决定"
        verbose_name_plural = "补充决定"
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="supplement_number_once_a_year"),
            models.CheckConstraint(condition=Q(number__gte=1), name="supplement_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(meeting="") & ~Q(reference="") & ~Q(seal=""), name="supplement_has_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}补充第 {self.number} 号"


class SupplementLine(models.Model):
    """What a supplement decides about one sheet: from which figure to which, by which adjustments."""

    supplement = models.ForeignKey(Supplement, on_delete=models.PROTECT, related_name="lines")
    sheet = models.ForeignKey(FrozenSheet, on_delete=models.PROTECT, related_name="supplements")
    old_total = models.DecimalField("原得分", max_digits=8, decimal_places=2)
    old_band = models.CharField("原等次", max_length=20)
    new_total = models.DecimalField("现得分", max_digits=8, decimal_places=2)
    new_band = models.CharField("现等次", max_length=20)
    # [{item, name, points, reason, record}], points as decimal strings; the item ON_LIST puts a person on the list.
    adjustments = models.JSONField()

    quiet = True

    class Meta:
        verbose_name = "补充决定的一项"
        verbose_name_plural = "补充决定的各项"
        constraints = [
            models.UniqueConstraint(fields=["supplement", "sheet"], name="supplement_once_a_sheet")
        ]

    def __str__(self) -> str:
        return f"{self.supplement}：{self.sheet}"

    @property
    def listed(self) -> bool:
        """Whether it put the person on the list: the old figure is what the records come to."""
        return on_list(self.adjustments)


def on_list(adjustments: Iterable[Mapping[str, str]]) -> bool:
    """Whether one of these adjustments puts its person on the list of the year."""
    return any(each["item"] == ON_LIST for each in adjustments)
