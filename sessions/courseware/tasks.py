"""What runs outside of a request: counting and drawing the pages of a file."""

from django.utils import timezone
from django_tasks import task
from wagtail.documents import get_document_model

from sessions.courseware.examining import examine
from sessions.operations import keep_findings


@task()
def examine_document(document_pk: int) -> None:
    """Count and draw the pages of a document; one that is gone by then is passed over."""
    document = get_document_model().objects.filter(pk=document_pk).first()
    if document is None:
        return
    name = document.file.name
    try:
        found = examine(document.file, document.file_extension.lower())
    except FileNotFoundError:
        return
    keep_findings(document=document, file_name=name, found=found, moment=timezone.now())
