"""Addresses of sessions: what the public reads, checking in with the recorder's pages, paper, calendars and figures."""

from sessions import checkin_urls, figures_urls, paper_urls, public_urls, temporary_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *paper_urls.urlpatterns,
    *temporary_urls.urlpatterns,
    *figures_urls.urlpatterns,
]
