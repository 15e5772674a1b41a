"""Panels of the form of 站点外观: a small picture of the theme with its contrasts, and what is known of the heading font."""

from typing import Any

from wagtail.admin.panels import Panel

from portal.theme.colours import label_of, shipped
from portal.theme.contrast import pairs
from portal.theme.line import shipped_line
from portal.theme.palettes import PALETTES


class PreviewPanel(Panel):
    """The saved theme in small, its pairs of colours with their contrasts, and the ready-made palettes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "portal/theme/preview.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            colours = shipped() | self.instance.own_colours
            rows = [(label_of(p.ink), label_of(p.ground), p, colours) for p in pairs(colours)]
            context |= {
                "colour": {token.replace("-", "_"): value for token, value in colours.items()},
                "stops": self.instance.stops or shipped_line(),
                "pairs": [
                    {
                        "ink": ink,
                        "ground": ground,
                        "ratio": f"{int(p.ratio * 100) / 100:.2f}",
                        "least": f"{p.least:g}",
                        "on": of[p.ground],
                        "fill": of[p.ink],
                    }
                    for ink, ground, p, of in rows
                ],
                "palettes": PALETTES.values(),
            }
            return context


class FontPanel(Panel):
    """Which heading font is served, or that the reader's own is used."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "portal/theme/font.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            from portal.models import HeadingFont  # noqa: PLC0415 -- the models' forms hold this panel

            font = HeadingFont.objects.filter(site_id=self.instance.site_id).first()
            missing = sorted(set(font.wanted) - set(font.characters)) if font else []
            context |= {
                "font": font,
                "kilobytes": round(font.size / 1024) if font else 0,
                "missing": "".join(missing[:60]),
                "missing_count": len(missing),
            }
            return context
