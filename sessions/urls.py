"""Addresses of sessions: what the public reads, checking in with the recorder's pages, and what people hand in."""

from sessions import checkin_urls, declaration_urls, public_urls, temporary_urls

urlpatterns = [
    *public_urls.urlpatterns,
    *checkin_urls.urlpatterns,
    *declaration_urls.urlpatterns,
    *temporary_urls.urlpatterns,
]
