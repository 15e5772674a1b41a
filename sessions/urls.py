"""Addresses of sessions: public pages, checking in with the recorder's pages, declarations, calendars and figures."""

from sessions import checkin_urls, declaration_urls, figures_urls, public_urls, temporary_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *declaration_urls.urlpatterns,
    *temporary_urls.urlpatterns,
    *figures_urls.urlpatterns,
]
