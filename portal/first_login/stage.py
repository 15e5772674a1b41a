"""The last step of signing in (allauth's login stage): who holds a one-time password is not in before they set their own."""

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.first_login.passwords import state_of
from portal.models import User


class OwnPasswordStage(LoginStage):
    """Let pass who has a password of their own; lead the others to set one, and on to where they were going."""

    key = "own_password"
    urlname = "own_password"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Return (answer, whether the login is kept waiting); no answer lets the login go on."""
        user = User.objects.get(
            pk=self.login.user.pk
        )  # what is stored, not what a renewed hash left in memory
        if user.one_time_until is None:
            return None, True
        if user.one_time_until < timezone.now():
            until = {"until": user.one_time_until}
            return render(self.request, "account/expired.html", until, status=403), False
        self.state["seen"] = state_of(user)
        return redirect(self.urlname), True
