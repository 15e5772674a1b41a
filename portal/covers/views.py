"""Giving out covers: of public pages only, made when first asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from portal.covers.keeping import SITE, Busy, address_of, digest_of, kept, words_of
from portal.models import CongressSettings
from portal.visibility import open_to_all


@require_safe
def cover(request: HttpRequest, key: int, digest: str) -> HttpResponse:
    """Give out the cover of a public page; an address of before its title changed leads to the present one.

    404 for drafts, restricted pages and what is no page of this site: nobody can have pictures made of anything else.
    """
    page = None if key == SITE else _public(request, key)
    site = CongressSettings.for_request(request)
    words = words_of(page, site)
    if digest != digest_of(words):
        return redirect(address_of(page, site))
    try:
        image = kept(key, words).read_bytes()
    except (Busy, FileNotFoundError):  # the second: thrown away this very moment, as the page changed
        response = HttpResponse("正在制作图片，请稍后再试。", "text/plain; charset=utf-8", 503)
        response["Retry-After"] = "5"
        return response
    return HttpResponse(image, "image/jpeg", headers={"Cache-Control": "public, max-age=86400"})


def _public(request: HttpRequest, key: int) -> Page:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    page = open_to_all(Page.objects.descendant_of(site.root_page, inclusive=True).filter(pk=key)).first()
    if page is None:
        raise Http404
    found: Page = page
    return found
