"""The page between a one-time password and the site: one's own password, twice."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import SetPasswordForm
from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.first_login.operations import set_own_password
from portal.first_login.passwords import state_of
from portal.first_login.stage import OwnPasswordStage


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Take the password that the person chose and go on with the login that waits, to where it was going.

    Who comes here without such a login is led to it. A one-time password that was replaced meanwhile counts no more.
    """
    if request.user.is_authenticated:
        return redirect(get_adapter(request).get_login_redirect_url(request))
    stage = LoginStageController.enter(request, OwnPasswordStage.key)
    if stage is None:
        return redirect("account_login")
    user = stage.login.user
    if stage.state.get("seen") != state_of(user):
        answer: HttpResponse = stage.abort()
        return answer
    form = SetPasswordForm(data=request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        stage.login.user = set_own_password(user=user, password=form.cleaned_data["password1"])
        onward: HttpResponse = stage.exit()
        return onward
    return render(request, "account/own_password.html", {"form": form, "account": user})
