"""Addresses of hand-ins: a representative's own, and their photos."""

from django.urls import path

from scoring.views import hand_in

urlpatterns = [
    path("me/hand-ins/", hand_in.mine, name="hand_ins"),
    path("me/hand-ins/new/<slug:kind>/", hand_in.new, name="hand_in"),
    path("me/hand-ins/<slug:kind>/<int:pk>/withdraw/", hand_in.take_back, name="hand_in_withdraw"),
    path("hand-ins/<slug:kind>/<int:pk>/photo/", hand_in.photo, name="hand_in_photo"),
]
