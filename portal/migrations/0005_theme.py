import django.db.models.deletion
import portal.uploads
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_tags"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.AddField(
            model_name="congresssettings",
            name="accessibility_mark_url",
            field=models.URLField(blank=True, verbose_name="无障碍标识链接"),
        ),
        migrations.AddField(
            model_name="congresssettings",
            name="mourning_from",
            field=models.DateField(blank=True, null=True, verbose_name="灰度开始日"),
        ),
        migrations.AddField(
            model_name="congresssettings",
            name="mourning_until",
            field=models.DateField(
                blank=True, help_text="当天仍为灰色，次日零点自动恢复。", null=True, verbose_name="灰度结束日"
            ),
        ),
        migrations.AlterField(
            model_name="congresssettings",
            name="mourning",
            field=models.BooleanField(
                default=False,
                help_text="打开后全站显示为灰色；填了起止日期，只在这些日子里显示。",
                verbose_name="哀悼日灰度",
            ),
        ),
        migrations.CreateModel(
            name="HeadingFont",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=16)),
                ("previous", models.CharField(blank=True, max_length=16)),
                ("kind", models.CharField(choices=[("woff", "WOFF"), ("woff2", "WOFF2")], max_length=5)),
                ("source", models.CharField(max_length=200)),
                ("characters", models.TextField()),
                ("wanted", models.TextField()),
                ("size", models.PositiveIntegerField()),
                ("cut_at", models.DateTimeField()),
                (
                    "site",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="wagtailcore.site"),
                ),
            ],
            options={
                "verbose_name": "标题字体",
            },
        ),
        migrations.CreateModel(
            name="SiteTheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("colours", models.JSONField(blank=True, default=dict, editable=False, verbose_name="颜色")),
                (
                    "line",
                    models.TextField(
                        blank=True,
                        help_text="页眉下和页脚上那一条。每行一个颜色和位置，例如“#e4ebdd 25%”，从左到右 2 到 10 行。空着用默认。",
                        max_length=300,
                        verbose_name="釉线",
                    ),
                ),
                (
                    "hero_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "窑变（默认）"),
                            ("bamboo", "竹青"),
                            ("kiln", "窑火"),
                            ("rose", "玫瑰紫"),
                            ("sky", "天青"),
                            ("green", "葱翠"),
                            ("begonia", "海棠红"),
                            ("amber", "蜡黄"),
                        ],
                        max_length=12,
                        verbose_name="首页底纹",
                    ),
                ),
                (
                    "session_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "玫瑰紫（默认）"),
                            ("kiln", "窑火"),
                            ("sky", "天青"),
                            ("green", "葱翠"),
                            ("begonia", "海棠红"),
                            ("bamboo", "竹青"),
                        ],
                        max_length=12,
                        verbose_name="场次页头底纹",
                    ),
                ),
                (
                    "cover_set",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "全部釉色（默认）"),
                            ("cool", "青绿"),
                            ("warm", "暖色"),
                            ("quiet", "素净"),
                        ],
                        help_text="没有封面图片的稿件用哪一组釉色。",
                        max_length=12,
                        verbose_name="默认封面",
                    ),
                ),
                (
                    "emblem",
                    models.ImageField(
                        blank=True,
                        height_field="emblem_height",
                        help_text="默认不显示。是否应当使用由主办单位依《国徽法》决定；请上传中国人大网或中国政府网公布的标准图案文件（PNG、JPG 或 WebP，不超过 2 MB，高度不小于 128 像素）。只在首页按原件显示，不裁剪、不改色，四周留空。",
                        upload_to=portal.uploads.PrivateName("emblem"),
                        verbose_name="国徽图案文件",
                        width_field="emblem_width",
                    ),
                ),
                ("emblem_width", models.PositiveIntegerField(editable=False, null=True)),
                ("emblem_height", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "dark_picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="会场大屏底纹（自备图片）",
                    ),
                ),
                (
                    "hero_picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="首页底纹（自备图片）",
                    ),
                ),
                (
                    "moon_picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="数字栏与签到底纹（自备图片）",
                    ),
                ),
                (
                    "session_picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="场次页头底纹（自备图片）",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False, on_delete=django.db.models.deletion.CASCADE, to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "站点外观",
            },
        ),
    ]
