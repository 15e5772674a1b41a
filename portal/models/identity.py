"""The congress this installation serves: nothing of a place is hard-wired in code or templates."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import MinLengthValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from portal.contact import ContactForm

if TYPE_CHECKING:
    from portal.models.theme import HeadingFont, SiteTheme


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
    accessibility_mark_url = models.URLField("无障碍标识链接", blank=True)
    mourning = models.BooleanField(
        "哀悼日灰度", default=False, help_text="打开后全站显示为灰色；填了起止日期，只在这些日子里显示。"
    )
    mourning_from = models.DateField("灰度开始日", null=True, blank=True)
    mourning_until = models.DateField(
        "灰度结束日", null=True, blank=True, help_text="当天仍为灰色，次日零点自动恢复。"
    )

    # 开通清单 was taken off the admin's home (portal/first_day); no form shows it.
    first_day_away = models.BooleanField("开通清单已收起", default=False, editable=False)

    panels = [
        MultiFieldPanel(
            [FieldPanel(n) for n in ("site_name", "short_name", "host_name", "seal_text", "logo")], "站点身份"
        ),
        MultiFieldPanel([FieldPanel(n) for n in ("statement", "statement_lead", "notice")], "首页与提示"),
        MultiFieldPanel([FieldPanel(n) for n in ("mourning", "mourning_from", "mourning_until")], "哀悼日"),
        MultiFieldPanel([FieldPanel(n) for n in ("phone", "phone_hours", "address", "postcode")], "联系方式"),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in ("party_gov_mark_url", "accessibility_mark_url", "icp", "police_record", "site_code")
            ],
            "页脚法定标识",
        ),
    ]

    base_form_class = ContactForm

    class Meta:
        verbose_name = "站点身份"

    @classmethod
    def shown_at(cls, site: Site | None) -> "CongressSettings":
        """Return the identity of `site` together with its look, which every page needs too: 1 query.

        A site that nobody has given one yet is shown with the standing words: who only reads writes no row.
        """
        if site is None:
            raise cls.DoesNotExist("no site, no identity")
        around = Site.objects.select_related("congresssettings", "sitetheme", "headingfont").get(pk=site.pk)
        try:
            found: CongressSettings = around.congresssettings
        except ObjectDoesNotExist:
            return cls(site=around)
        return found

    @classmethod
    def for_site(cls, site: Site | None) -> "CongressSettings":
        """Return the row of `site` for who changes it, made if there is none."""
        found = cls.shown_at(site)
        return found if found.pk else cls._first(found.site)

    @classmethod
    def _first(cls, site: Site) -> "CongressSettings":
        """Make the row of a new site; of two requests at once one makes it."""
        try:
            with transaction.atomic():
                made: CongressSettings = cls.objects.create(site=site)
        except IntegrityError:
            made = cls.objects.get(site=site)
        return made

    def clean(self) -> None:
        """Refuse an end of the mourning before its beginning."""
        super().clean()
        if self.mourning_from and self.mourning_until and self.mourning_until < self.mourning_from:
            raise ValidationError({"mourning_until": "结束日在开始日之前。请把结束日改为开始日当天或之后。"})

    def mourns_on(self, day: date) -> bool:
        """Whether the site is grey on `day`: the switch is on and the day lies within the dates, where there are any."""
        begun = self.mourning_from is None or self.mourning_from <= day
        over = self.mourning_until is not None and self.mourning_until < day
        return self.mourning and begun and not over

    @property
    def in_mourning(self) -> bool:
        """Whether the site is grey today; a stored page ends with the day (portal/pagecache.py)."""
        return self.mourns_on(timezone.localdate())

    @property
    def theme(self) -> "SiteTheme | None":
        """The stored theme of this site, None where nobody has changed the look."""
        try:
            theme: SiteTheme = self.site.sitetheme
        except ObjectDoesNotExist:
            return None
        return theme

    @property
    def heading_font(self) -> "HeadingFont | None":
        """The heading font that was cut for this site, None where the server has no serif to cut from."""
        try:
            font: HeadingFont = self.site.headingfont
        except ObjectDoesNotExist:
            return None
        return font
