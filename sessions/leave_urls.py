"""Addresses of leave and of leaving: the representative's, the recorder's who files for somebody, the approver's."""

from django.urls import path

from sessions.views import leave, leaving

urlpatterns = [
    path("me/activities/<int:pk>/leave/", leave.mine, name="me_leave"),
    path("me/activities/<int:pk>/leave/withdraw/", leave.withdraw, name="me_leave_withdraw"),
    path("roll/<int:pk>/leave/<int:representative>/", leave.file_for, name="roll_leave"),
    path("roll/<int:pk>/leaving/", leaving.leaving, name="roll_leaving"),
    path("leave/", leave.index, name="leave"),
    path("leave/decide/", leave.decide_several, name="leave_decide"),
    path("leave/<uuid:pk>/", leave.show, name="leave_request"),
]
