"""Addresses of scoring: a representative's own sheet and hand-ins, assessments, and the office's year."""

from scoring import assessment_urls, hand_in_urls, sheet_urls, year_urls

urlpatterns = [
    *sheet_urls.urlpatterns,
    *hand_in_urls.urlpatterns,
    *assessment_urls.urlpatterns,
    *year_urls.urlpatterns,
]
