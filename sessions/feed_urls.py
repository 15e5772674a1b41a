"""Addresses of feeds that need this floor: of one representative, of one station."""

from django.urls import path

from sessions.views import feeds

urlpatterns = [
    path("dingyue/daibiao/<int:key>.atom", feeds.person, name="feed_person"),
    path("dingyue/zhan/<int:key>.atom", feeds.place, name="feed_place"),
]
