"""积分标准: versioned data; a version is a draft until it was adopted, and never edited from then on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from scoring.querysets import StandardQuerySet


class Standard(models.Model):
    """One version of a standard, stored as the file it came from."""

    code = models.SlugField("代码", max_length=60)
    version = models.PositiveSmallIntegerField("版本")
    title = models.CharField("名称", max_length=120)
    text = models.TextField("标准文件")  # canonical YAML (standard_file.dump); the only source of the values
    digest = models.CharField("摘要", max_length=64)  # SHA-256 of text
    is_example = models.BooleanField("示例标准", default=False)
    effective_from = models.DateField("生效", null=True, blank=True)
    effective_to = models.DateField("废止", null=True, blank=True)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    adopted_at = models.DateTimeField("启用时间", null=True, editable=False)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="启用人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = "积分标准"
        verbose_name_plural = "积分标准"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="standard_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="standard_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True) | Q(effective_from__isnull=False),
                name="adopted_standard_has_first_day",
            ),
            models.CheckConstraint(
                condition=Q(is_example=True) | Q(adopted_by__isnull=True) | ~Q(adopted_by=F("stored_by")),
                name="standard_adopted_by_second_person",
            ),
            # Of one code at most one version is in force without an end; the operation sees to the days in between.
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(adopted_at__isnull=False, effective_to__isnull=True),
                name="one_standard_in_force_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.version} 版）"
