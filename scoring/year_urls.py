"""Addresses of year."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
