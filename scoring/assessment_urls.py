"""Addresses of assessments: a representative's own, and the organisation's beside it."""

from django.urls import path

from scoring.views import assessments

urlpatterns = [
    path("me/assessment/<int:label>/", assessments.own, name="self_assessment"),
    path("review/<int:label>/assessment/", assessments.people, name="review_assessments"),
    path("review/<int:label>/assessment/<int:mandate>/", assessments.one, name="review_assessment"),
]
