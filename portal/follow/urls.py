"""Addresses of following by e-mail, below /dingyue/youjian/."""

from django.urls import path

from portal.follow import views

urlpatterns = [
    path("", views.ask, name="follow_mail"),
    path("queren/<str:token>/", views.confirm_page, name="follow_confirm"),
    path("tuiding/<str:token>/", views.leave_page, name="follow_leave"),
]
