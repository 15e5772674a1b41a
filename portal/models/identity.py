"""The congress this installation serves: nothing of a place is hard-wired in code or templates."""

from django.core.validators import MinLengthValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site", order=100)
class CongressSettings(BaseSiteSetting):
    """Name, host, seal and the statutory words of the footer; empty words are not shown."""

    site_name = models.CharField("站名", max_length=40, default="代表履职分享平台")
    short_name = models.CharField("简称", max_length=20, default="分享平台")
    host_name = models.CharField("主办单位", max_length=60, blank=True)
    seal_text = models.CharField(
        "印文", max_length=4, default="代表之声", validators=[MinLengthValidator(2)], help_text="二至四个字。"
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name="标识",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    statement = models.CharField("首页主张", max_length=40, default="把履职的经验，讲给更多人听")
    statement_lead = models.CharField("首页主张说明", max_length=120, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    phone_hours = models.CharField("接听时间", max_length=60, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    postcode = models.CharField("邮编", max_length=6, blank=True)
    notice = models.CharField(
        "全站提示", max_length=120, blank=True, help_text="每一页顶部显示，例如演示说明。"
    )
    icp = models.CharField("ICP 备案号", max_length=60, blank=True)
    police_record = models.CharField("公安备案号", max_length=60, blank=True)
    site_code = models.CharField("网站标识码", max_length=40, blank=True)
    party_gov_mark_url = models.URLField("党政机关网站标识链接", blank=True)
    mourning = models.BooleanField("哀悼日灰度", default=False)

    panels = [
        MultiFieldPanel(
            [FieldPanel(n) for n in ("site_name", "short_name", "host_name", "seal_text", "logo")], "站点身份"
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("statement", "statement_lead", "notice", "mourning")], "首页与提示"
        ),
        MultiFieldPanel([FieldPanel(n) for n in ("phone", "phone_hours", "address", "postcode")], "联系方式"),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("icp", "police_record", "site_code", "party_gov_mark_url")],
            "页脚法定标识",
        ),
    ]

    class Meta:
        verbose_name = "站点身份"
