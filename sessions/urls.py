"""Addresses of sessions: what the public reads, and checking in with the recorder's pages."""

from sessions import checkin_urls, public_urls, temporary_urls, voices_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *temporary_urls.urlpatterns,
    *voices_urls.urlpatterns,
]
