"""What this floor brings to 开通清单: the standard and the year."""

from portal.first_day.lines import Line, at
from scoring.models import Standard, Year

LINES = (
    Line(
        "standard",
        90,
        "上传积分标准",
        "本地的标准文件；系统先检查，再存成草稿。",
        lambda _: Standard.objects.all(),
        at("standard:upload"),
        "上传",
    ),
    Line(
        "adopted",
        100,
        "启用积分标准",
        "由上传以外的一位同志看过再启用。",
        lambda _: Standard.objects.filter(adopted_at__isnull=False),
        at("standard:index"),
        "查看",
    ),
    Line(
        "year",
        110,
        "年度",
        "建立年度，选定这一年用的标准；要先登记届、启用标准。",
        lambda _: Year.objects.all(),
        at("review"),
        "建立",
    ),
)
