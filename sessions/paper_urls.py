"""Addresses of paper: the printed roll, the spreadsheet out and in, signed sheets, certificates and their verification."""

from django.urls import path

from sessions.views import certificates, evidence, paper

urlpatterns = [
    path("roll/<int:pk>/print/", paper.printed, name="roll_print"),
    path("roll/<int:pk>/export/", paper.export, name="roll_export"),
    path("roll/<int:pk>/import/", paper.read_in, name="roll_import"),
    path("roll/<int:pk>/import/<uuid:pending>/", paper.preview, name="roll_import_preview"),
    path("roll/<int:pk>/sheets/", evidence.sheets, name="roll_sheets"),
    path("roll/<int:pk>/sheets/<uuid:sheet>/", evidence.sheet, name="roll_sheet"),
    path("roll/<int:pk>/sheets/<uuid:sheet>/void/", evidence.void, name="roll_sheet_void"),
    path("roll/<int:pk>/certificates/", certificates.of_roll, name="roll_certificates"),
    path("roll/<int:pk>/certificates/print/", certificates.print_roll, name="roll_certificates_print"),
    path("me/attendance/<int:pk>/certificate/", certificates.mine, name="my_certificate"),
    path("zs/<slug:token>/", certificates.verify, name="certificate"),
]
