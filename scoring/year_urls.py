"""Addresses of the year: the review console, the results, the book."""

from django.urls import URLPattern, path

from scoring.views import editions, log, objections, overview, results, supplements, year

urlpatterns: list[URLPattern] = [
    path("review/", year.index, name="review"),
    path("review/log/", log.show, name="audit_log"),
    path("review/<int:label>/", year.show, name="review_year"),
    path("review/<int:label>/step/", year.step, name="review_step"),
    path("review/<int:label>/joiners/", year.joiners, name="review_joiners"),
    path("review/<int:label>/shown/", year.shown, name="review_shown"),
    path("review/<int:label>/areas/", year.areas, name="review_areas"),
    path("review/<int:label>/withdraw/", objections.withdraw, name="review_withdraw"),
    path("review/<int:label>/objections/", objections.index, name="review_objections"),
    path("review/<int:label>/objections/<int:pk>/", objections.one, name="review_objection"),
    path("review/<int:label>/overview/", overview.show, name="review_overview"),
    path("review/<int:label>/overview/xlsx/", overview.export, name="review_export"),
    path("review/<int:label>/overview/<int:pk>/", overview.show, name="review_overview_area"),
    path("review/<int:label>/overview/<int:pk>/xlsx/", overview.export, name="review_export_area"),
    path("review/<int:label>/missing/", overview.show_lacking, name="review_missing"),
    path("review/<int:label>/missing/<int:pk>/", overview.show_lacking, name="review_missing_area"),
    path("review/<int:label>/supplements/", supplements.index, name="supplements"),
    path("review/<int:label>/supplements/new/", supplements.new, name="supplement_new"),
    path("review/<int:label>/supplements/<int:number>/file/", supplements.document, name="supplement_file"),
    path("review/<int:label>/results/", results.results, name="review_results"),
    path("review/<int:label>/results/<int:mandate>/draft/", results.draft, name="review_draft"),
    path("review/<int:label>/book/", editions.editions, name="editions"),
    path("review/<int:label>/book/<int:pk>/", editions.edition_file, name="edition_file"),
    path("review/<int:label>/<int:pk>/", year.area, name="review_area"),
]
