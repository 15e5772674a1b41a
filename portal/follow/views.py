"""What readers do to follow by e-mail: ask, confirm, leave. Never stored, never indexed; no GET changes anything."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.accounts import client_address
from portal.follow.forms import FollowForm
from portal.follow.links import Purpose, link_behind
from portal.follow.operations import FollowRefused, TooMany, ask_to_follow, confirm, leave
from portal.follow.topics import labels_of
from portal.models import Subscription

View = Callable[..., HttpResponse]
State = Subscription.State
UNKNOWN = "没有找到要订阅的内容，它可能已经不再公开。请从列表里选择。"


def _personal(view: View) -> View:
    """Keep an answer out of every store and index."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    kept: View = never_cache(require_http_methods(["GET", "HEAD", "POST"])(answer))
    return kept


@_personal
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form for ?topic= (GET); take an address and say what comes next, whoever follows already (POST).

    Without a mail server (EMAIL_URL) the page says so and takes no address.
    """
    if not settings.SENDS_LETTERS:
        return render(request, "portal/follow/closed.html", status=404)
    if request.method != "POST":
        form = FollowForm(initial={"topic": request.GET.get("topic", "")[:60]})
        unknown = bool(form.asked) and not form.label
        return _ask_page(request, form, why=UNKNOWN if unknown else "", status=404 if unknown else 200)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, form, status=400)
    now = timezone.now()
    try:
        ask_to_follow(
            address=form.cleaned_data["address"],
            topic=form.cleaned_data["topic"],
            client=client_address(request),
            moment=now,
        )
    except FollowRefused as why:
        form.add_error(None, str(why))
        response = _ask_page(request, form, status=429 if isinstance(why, TooMany) else 409)
        if isinstance(why, TooMany):
            response["Retry-After"] = str(3600 - now.minute * 60 - now.second)
        return response
    return render(request, "portal/follow/sent.html", form.cleaned_data | {"label": form.label})


def _ask_page(request: HttpRequest, form: FollowForm, *, why: str = "", status: int = 200) -> HttpResponse:
    return render(request, "portal/follow/ask.html", {"form": form, "why": why}, status=status)


@_personal
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one button that confirms (GET: previews of links fetch them); confirm (POST), twice changes nothing."""
    now = timezone.now()
    link = link_behind(token, Purpose.CONFIRM, now)
    subscription = link.subscription if link else None
    if link is None or subscription is None or subscription.state == State.LEFT:
        return render(request, "portal/follow/gone.html", {"purpose": "confirm"}, status=404)
    if request.method == "POST":
        confirm(link=link, moment=now)
        return redirect("follow_confirm", token)
    context = {
        "label": labels_of([subscription.topic]).get(subscription.topic, "这项内容"),
        "address": link.follower.masked,
        "confirmed": subscription.state == State.CONFIRMED,
    }
    return render(request, "portal/follow/confirm.html", context)


@csrf_exempt  # RFC 8058: the mail program posts without cookie or form; the token in the address is the right to leave
@_personal
def leave_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the buttons that leave (GET); leave (POST): all, or the one that `topic` names; twice changes nothing."""
    now = timezone.now()
    link = link_behind(token, Purpose.LEAVE, now)
    if link is None:
        return render(request, "portal/follow/gone.html", {"purpose": "leave"}, status=404)
    ended: list[str] = []
    if request.method == "POST":
        ended = leave(link=link, topic=request.POST.get("topic", ""), moment=now)
    followed = link.follower.subscriptions.exclude(state=State.LEFT).order_by("pk")
    topics = list(followed.values_list("topic", flat=True))
    labels = labels_of([*topics, *ended])
    context = {
        "address": link.follower.masked,
        "followed": [(topic, labels.get(topic, "已不再公开的内容")) for topic in topics],
        "ended": [(topic, labels.get(topic, "已不再公开的内容")) for topic in ended],
        "done": request.method == "POST",
    }
    return render(request, "portal/follow/leave.html", context)
