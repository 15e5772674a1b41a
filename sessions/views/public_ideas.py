"""金点子 in public: the list of all, and one with what became of it. Only released ones are known here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from sessions.models import Activity, Idea
from sessions.voices.reading import asked_of, public_ideas, shelves, way_of

COLUMN = "互动交流"


@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    """List the public ideas, by theme, handling, year and words."""
    known = shelves()
    asked = asked_of(request.GET, known)
    rows = page_of(asked.keep(public_ideas()), request)
    context = known | {
        "asked": asked,
        "items": rows,
        "trail": [("分享会", "/fenxianghui/")],
        "column_type": COLUMN,
        "understood": understood(
            theme=asked.theme, state=asked.state, year=asked.year, q=asked.words, page=rows
        ),
    }
    return render(request, "sessions/ideas/ideas.html", context)


@require_safe
def idea(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show one idea; the address of a merged one leads to the idea that stands for it."""
    known = Idea.objects.filter(state=Idea.State.RELEASED, year=year, number=number)
    row = known.select_related("activity__page", "duplicate_of").signed().first()
    if row is None:
        raise Http404
    if row.duplicate_of_id:
        head = row.duplicate_of
        if head.state != Idea.State.RELEASED:
            raise Http404
        return redirect("idea", year=head.year, number=head.number)
    page = getattr(row.activity, "page", None)
    announced = page is not None and page.live and row.activity.state != Activity.State.DRAFT
    context = {
        "idea": row,
        "way": way_of(row),
        "session": page if announced else None,
        "trail": [("分享会", "/fenxianghui/"), ("金点子", reverse("ideas"))],
        "here": f"第 {row.year}-{row.number} 号",
        "column_type": COLUMN,
    }
    return render(request, "sessions/ideas/idea.html", context)
