"""Addresses of the recorder's desk and of the code card; the worker's place gives it the scope /roll/."""

from django.urls import path

from sessions.views import card, desk, phones

urlpatterns = [
    path("roll/desk-worker.js", desk.worker, name="desk_worker"),
    path("roll/phones/", phones.phones, name="roll_phones"),
    path("roll/<int:pk>/desk/", desk.desk, name="roll_desk"),
    path("roll/<int:pk>/desk/state/", desk.state, name="desk_state"),
    path("roll/<int:pk>/desk/sync/", desk.sync, name="desk_sync"),
    path("roll/<int:pk>/settle/", desk.settle, name="roll_settle"),
    path("me/card/", card.card, name="me_card"),
    path("me/card/renew/", card.renew, name="me_card_renew"),
]
