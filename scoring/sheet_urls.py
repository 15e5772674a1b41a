"""Addresses of the sheet: a representative's own, the staff look, the public method."""

from django.urls import path

from scoring.views import method, objections, sheet

urlpatterns = [
    path("me/score/", sheet.own, name="scorecard"),
    path("me/score/<int:label>/", sheet.own, name="scorecard_year"),
    path("me/score/record/<slug:kind>/<int:pk>/", sheet.record, name="sheet_record"),
    path("me/score/<int:label>/objections/", objections.own, name="objections"),
    path("review/objections/<int:pk>/file/", objections.evidence, name="objection_file"),
    path("review/sheet/<int:mandate>/<int:label>/", sheet.staff, name="staff_sheet"),
    path("biaozhun/", method.show, name="method"),
]
