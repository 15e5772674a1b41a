"""Addresses of courseware's files: the file itself and the pictures of its first pages."""

from django.urls import path

from sessions.views import courseware

urlpatterns = [
    path("kejian/xz/<int:pk>/", courseware.download, name="courseware_download"),
    path("kejian/yl/<int:pk>/<int:number>/", courseware.preview, name="courseware_preview"),
]
