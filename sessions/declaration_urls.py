"""Addresses of declarations: one's own below /me/, those that staff review, and their evidence."""

from django.urls import path

from sessions.views import declaration_review as review
from sessions.views import declarations as own

urlpatterns = [
    path("me/declarations/", own.index, name="me_declarations"),
    path("me/declarations/new/", own.new, name="me_declaration_new"),
    path("me/declarations/<int:pk>/", own.one, name="me_declaration"),
    path("me/declarations/<int:pk>/withdraw/", own.withdraw, name="me_declaration_withdraw"),
    path("declarations/", review.index, name="declarations"),
    path("declarations/confirm/", review.confirm_chosen, name="declarations_confirm"),
    path("declarations/<int:pk>/", review.one, name="declaration"),
    path("declarations/<int:pk>/confirm/", review.confirm, name="declaration_confirm"),
    path("declarations/<int:pk>/return/", review.send_back, name="declaration_return"),
    path("declarations/files/<int:pk>/", own.evidence, name="evidence"),
    path("declarations/files/<int:pk>/small/", own.evidence, {"small": True}, name="evidence_small"),
]
