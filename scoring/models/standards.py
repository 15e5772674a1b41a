"""积分标准: versioned data; a version in use is never edited."""

from django.db import models
from django.db.models import F, Q


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

    class Meta:
        verbose_name = "积分标准"
        verbose_name_plural = "积分标准"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="standard_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="standard_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.version} 版）"
