"""What makes headings ask for characters anew: a published page, a saved identity. It only asks; a task does the work."""

from django.db.models.signals import post_save
from wagtail.signals import page_published

from portal.headings.tasks import ask_for_cutting
from portal.models import CongressSettings


def connect() -> None:
    """Connect once, at start."""
    page_published.connect(ask_for_cutting, dispatch_uid="portal.ask_for_heading_font")
    post_save.connect(
        ask_for_cutting, sender=CongressSettings, dispatch_uid="portal.ask_for_heading_font_saved"
    )
