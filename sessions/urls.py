"""Addresses of sessions: what the public reads, checking in with the recorder's pages, and leave."""

from sessions import checkin_urls, leave_urls, public_urls, temporary_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *temporary_urls.urlpatterns,
    *leave_urls.urlpatterns,
]
