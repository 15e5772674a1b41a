"""Copying a page in the admin: refused in words where there is one page of each, else as Wagtail does it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.copy import CopyView
from wagtail.models import Page


@never_cache
def copy_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Stand before Wagtail's view, which would only say that the right is missing."""
    return _copy(request, page_id)  # type: ignore[no-any-return]  # Wagtail is untyped


@require_admin_access
def _copy(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id)
    words = getattr(page.specific_class, "not_copied", "")
    if not words:
        return CopyView.as_view()(request, page_id)  # type: ignore[no-any-return]  # as above
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    messages.error(request, words)
    return redirect("wagtailadmin_pages:edit", page_id)
