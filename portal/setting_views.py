"""The admin's forms of 站点身份 and 站点外观, which two may have open."""

from typing import Any

from wagtail.contrib.settings import views
from wagtail.models import Site

from portal.stale_forms import TellsOfOthers


class EditSettingView(TellsOfOthers, views.EditView):
    """Wagtail's form of a site's setting, at its own address."""

    def held(self) -> Any:
        """Return the row of the site, locked; where there is none yet, whoever makes the first one goes alone."""
        held = self._stored()
        if held is None:
            Site.objects.select_for_update().get(pk=self.site.pk)
            held = self._stored()
        return held or self.object

    def _stored(self) -> Any:
        row = self.model._base_manager.select_for_update().filter(site=self.site).first()
        if row:
            row.site = self.site  # as it was read a moment ago
        return row
