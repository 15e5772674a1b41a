"""Addresses of scoring: a representative's own sheet, and the office's year."""

from scoring import sheet_urls, year_urls

urlpatterns = [*sheet_urls.urlpatterns, *year_urls.urlpatterns]
