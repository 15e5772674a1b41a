"""Addresses of checking in, the wall, the roll and 我的履职; the names are fixed, other floors link to them."""

from django.urls import path

from sessions.views import checkin, me, roll, wall

urlpatterns = [
    path("c/", checkin.open_list, name="check_in_open"),
    path("c/<slug:door>/", checkin.by_digits, name="check_in"),
    path("c/<slug:door>/walk-in/", checkin.walk_in, name="walk_in"),
    path("c/<slug:door>/<slug:token>/", checkin.by_scan, name="check_in_scan"),
    path("wall/<slug:door>/", wall.screen, name="wall"),
    path("wall/<slug:door>/state/", wall.state, name="wall_state"),
    path("roll/", roll.index, name="rolls"),
    path("roll/<int:pk>/", roll.show, name="roll"),
    path("roll/<int:pk>/record/", roll.record, name="roll_record"),
    path("roll/<int:pk>/confirm/", roll.confirm, name="roll_confirm"),
    path("roll/<int:pk>/close/", roll.close, name="roll_close"),
    path("roll/<int:pk>/key/", roll.renew, name="roll_key"),
    path("roll/<int:pk>/history/<int:representative>/", roll.history, name="roll_history"),
    path("me/", me.home, name="me"),
    path("me/attendance/", me.attendance, name="me_attendance"),
    path("me/activities/<int:pk>/sign-up/", me.sign_up_to, name="me_sign_up"),
    path("me/activities/<int:pk>/withdraw/", me.withdraw_from, name="me_withdraw"),
]
