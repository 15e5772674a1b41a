"""Addresses of sessions: what the public reads, and checking in with the recorder's pages."""

from sessions import checkin_urls, life_urls, public_urls, temporary_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *life_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *temporary_urls.urlpatterns,
]
