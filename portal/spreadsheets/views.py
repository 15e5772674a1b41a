"""What the admin's pages of a list share: who gets in, the way back, sending a file with its refusals, giving one out."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from portal.spreadsheets.reading import ListUnreadable
from portal.uploads import CONTENT_TYPES, UploadRefused


class OfKeepers:
    """For who keeps the records of the list; all others are told that the right is missing."""

    back: ClassVar[tuple[str, str]]  # name of the list's address, what it is called

    def may_enter(self, user: Any) -> bool:
        """Whether `user` keeps such records anywhere; every list says it for itself."""
        raise AssertionError(f"{type(self).__name__} says not who may enter")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse all others."""
        if not self.may_enter(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        address, label = self.back
        here = [{"url": reverse(address), "label": label}, {"url": "", "label": self.page_title}]  # type: ignore[attr-defined]
        return [*self.breadcrumbs_items, *here]  # type: ignore[attr-defined]


class SendListView(OfKeepers, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """Read a list (POST) and lead to its preview; nothing is written but the list itself."""

    header_icon = "upload"
    most: int  # bytes
    status = 400  # of a refusal

    def take(self, form: Any) -> HttpResponse:
        """Read the file of a valid form, keep it for the preview and lead there; every list does it for itself."""
        raise AssertionError(f"{type(self).__name__} takes nothing")

    def form_valid(self, form: Any) -> HttpResponse:
        """Lead to the preview, or say what is wrong with the file."""
        file = form.cleaned_data["file"]  # an error takes it out
        try:
            return self.take(form)
        except (UploadRefused, ListUnreadable) as refused:
            form.add_error("file", str(refused))
            self.status = 413 if file.size > self.most else 400
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with the reason."""
        response = super().form_invalid(form)
        response.status_code = self.status
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how to send a file."""
        return super().get_context_data(**kwargs) | {
            "action_url": self.request.path,
            "submit_button_label": "上传并预览",
            "submit_button_active_label": "正在核对…",
        }


def given_out(workbook: bytes, name: str) -> HttpResponse:
    """Return the answer that gives a workbook out as the file `name`."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(workbook, content_type=CONTENT_TYPES["xlsx"], headers=headers)
