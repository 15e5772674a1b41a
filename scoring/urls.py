"""Addresses of scoring: a representative's own sheet, assessments, and the office's year."""

from scoring import assessment_urls, sheet_urls, year_urls

urlpatterns = [*sheet_urls.urlpatterns, *assessment_urls.urlpatterns, *year_urls.urlpatterns]
