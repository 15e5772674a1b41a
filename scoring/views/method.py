"""积分标准: the public page that says how points come about."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scoring.method import described, standard_in_force


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Say the standard in force to everybody (at most 2 queries)."""
    standard = standard_in_force(timezone.localdate())
    context: dict[str, Any] = {
        "standard": standard,
        "method": described(standard) if standard else None,
    }
    return render(request, "scoring/method/method.html", context)
