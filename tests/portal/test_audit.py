"""The log: a line of ours is one of Wagtail's, written by a statement that is put together once."""

from django.db import connection
from django.db.models.sql.compiler import SQLInsertCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder, finder_classes
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.log_actions import LogContext, activate, deactivate, log
from wagtail.models import ModelLogEntry

from portal.audit import record

FLOORS = {"portal", "stations", "sessions", "scoring"}
COLUMNS = (
    "content_type", "label", "action", "data", "uuid", "user", "revision", "content_changed", "deleted", "object_id",
)  # fmt: skip


def test_a_line_holds_what_wagtail_would_write(city):
    log(
        instance=city.township, action="stations.change", user=city.office, data={"added": 2, "names": ["甲"]}
    )
    record("stations.change", city.township, actor=city.office, added=2, names=["甲"])
    ours, wagtails = ModelLogEntry.objects.order_by("-pk").values(*COLUMNS)[:2]
    assert ours == wagtails
    first, second = ModelLogEntry.objects.order_by("-pk").values_list("timestamp", flat=True)[:2]
    assert first >= second


def test_who_is_logged_in_stands_for_an_actor_that_nobody_named(city):
    activate(context := LogContext(user=city.recorder, generate_uuid=True))
    record("stations.change", city.township, actor=None)
    deactivate()
    record("stations.change", city.township, actor=None)
    nobody, somebody = ModelLogEntry.objects.order_by("-pk").values_list("user", "uuid", "data")[:2]
    assert (somebody, nobody) == ((city.recorder.pk, context.uuid, {}), (None, None, {}))


def test_a_further_line_puts_no_statement_together(city, monkeypatch):
    record("stations.change", city.township, actor=city.office)
    made = []
    plain = SQLInsertCompiler.as_sql
    monkeypatch.setattr(SQLInsertCompiler, "as_sql", lambda self: made.append(self) or plain(self))
    with CaptureQueriesContext(connection) as asked:
        record("stations.change", city.township, actor=city.office)
    assert (len(asked), made) == (1, [])


def needed(model):
    """Return what the address of a setting of the site is made of, beside its key."""
    return {"site_id": 1} if issubclass(model, BaseSiteSetting) else {}


def test_the_history_of_the_site_finds_an_address_for_every_model_of_ours(db):
    there = reverse("standard:inspect", args=[1])
    finder = AdminURLFinder()  # nobody: whoever may
    ours = [m for m in finder_classes.values_by_class if m.__module__.split(".")[0] in FLOORS]
    found = {model.__name__: finder.get_edit_url(model(pk=1, **needed(model))) for model in ours}
    assert (found["Standard"], [name for name, url in found.items() if not url]) == (there, [])
