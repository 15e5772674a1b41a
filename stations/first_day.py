"""What this floor brings to 开通清单: areas, the term, people, and who works with them."""

from typing import Any

from django.db.models import QuerySet

from portal.first_day.lines import Line, at, for_superusers
from portal.models import User
from stations.models import Area, AreaGrant, Mandate, Term

Role = AreaGrant.Role
GRANT = at("area_grants:add")


def _staff(user: User) -> QuerySet[Any]:
    others = User.objects.filter(is_active=True, is_superuser=False)
    return others.filter(representative__isnull=True)


LINES = (
    Line(
        "areas",
        20,
        "下级区域",
        "本级下面的县（市、区）或者乡镇、街道，一个一个登记。",
        lambda _: Area.objects.filter(depth__gt=1),
        at("areas:add"),
    ),
    Line(
        "term",
        30,
        "届",
        "本届的届次和起止日期，代表的任期要用。",
        lambda _: Term.objects.all(),
        at("terms:add"),
    ),
    Line(
        "people",
        40,
        "代表",
        "用 Excel 或 CSV 名册一次导入；先登记区域和届。",
        lambda _: Mandate.objects.all(),
        at("representatives:import"),
        "导入",
    ),
    Line(
        "staff",
        50,
        "工作人员的账号",
        "编辑、审核、记录员、审核员，一人一个账号。",
        _staff,
        for_superusers("wagtailusers_users:add"),
        "开账号",
        "管理员",
    ),
    Line(
        "office",
        60,
        "代工委的另一位同志",
        "积分标准由一位上传，另一位启用，所以至少要有两位。",
        lambda user: AreaGrant.objects.filter(role=Role.OFFICE, user__is_active=True).exclude(user=user),
        GRANT,
        "授权",
    ),
    Line(
        "recorder",
        70,
        "记录员",
        "授权到他的区域，他才能打开那里的名册。",
        lambda _: AreaGrant.objects.filter(role=Role.RECORDER),
        GRANT,
        "授权",
    ),
    Line(
        "reviewer",
        80,
        "审核员",
        "授权到他的区域，年度审核时由他审核、报送。",
        lambda _: AreaGrant.objects.filter(role=Role.REVIEWER),
        GRANT,
        "授权",
    ),
)
