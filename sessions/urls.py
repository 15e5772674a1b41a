"""Addresses of sessions: what the public reads, checking in with the recorder's pages, calendars and figures."""

from sessions import (
    checkin_urls,
    courseware_urls,
    declaration_urls,
    feed_urls,
    figures_urls,
    leave_urls,
    life_urls,
    meeting_urls,
    offline_urls,
    paper_urls,
    public_urls,
    temporary_urls,
    voices_urls,
)

urlpatterns = [
    *public_urls.urlpatterns,
    *life_urls.urlpatterns,  # before the check-in: c/<door>/online/ would be read as a code there
    *checkin_urls.urlpatterns,
    *courseware_urls.urlpatterns,
    *temporary_urls.urlpatterns,
    *figures_urls.urlpatterns,
    *paper_urls.urlpatterns,
    *declaration_urls.urlpatterns,
    *leave_urls.urlpatterns,
    *meeting_urls.urlpatterns,
    *offline_urls.urlpatterns,
    *voices_urls.urlpatterns,
    *feed_urls.urlpatterns,
]
