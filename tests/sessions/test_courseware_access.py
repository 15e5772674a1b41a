"""Courseware for representatives stays theirs at every address, before and after its access changes (THREATS 9, 35, 43)."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageLogEntry, PageViewRestriction

from sessions.courseware.examining import Found, Picture
from sessions.models import CoursewareFile, CoursewarePage
from sessions.operations import keep_findings, shelve_courseware
from tests.conftest import START
from tests.searched import index
from tests.sessions.faces import courseware, face

pytestmark = pytest.mark.usefixtures("references")  # whether a page shows a document decides here
CLOSED = "仅代表可下载的课件"


@pytest.fixture
def publish(site, commits):
    """Publish courseware whose file has been examined; or publish a page again."""

    def done(page=None, **more):
        page = page or courseware(site, **{"live": False} | more)
        examined(page)
        with commits():
            page.save_revision().publish()
        return CoursewarePage.objects.get(pk=page.pk)

    return done


def examined(page):
    """Keep pictures of the file of `page`, as the background worker would."""
    document = page.files.get().document
    if shelve_courseware(page=page, actor=None):
        pictures = [Picture(number, 16, 9, b"picture") for number in range(4)]
        keep_findings(document=document, file_name=document.file.name, found=Found(5, pictures), moment=START)


def addresses(page):
    """Return every address that leads to a file of `page` or to a picture of it, by its name."""
    file = page.files.get()
    return {
        "download": reverse("courseware_download", args=[file.pk]),
        "list": reverse("courseware_preview", args=[file.pk, 0]),
        "page": reverse("courseware_preview", args=[file.pk, 1]),
        "document": file.document.url,
    }


def given(client, page):
    """Return what each address of a file answers: "file", "sign in", or the status of anything else."""
    answers = {}
    for name, address in addresses(page).items():
        answer = client.get(address)
        if answer.status_code == 302 and answer.url.startswith("/kejian/xz/"):
            answer = client.get(answer.url)
        if answer.streaming:
            b"".join(answer)
        signs = answer.status_code == 302 and answer.url.startswith("/accounts/login/?next=/kejian/")
        answers[name] = "file" if answer.streaming else "sign in" if signs else answer.status_code
    return answers


def all_of(page, word):
    return dict.fromkeys(addresses(page), word)


def opened(client, page, *, user=None):
    """Return `given` to a reader of their own."""
    fresh = client.__class__()
    if user:
        fresh.force_login(user)
    return given(fresh, page)


def test_a_public_courseware_is_open_to_everybody_at_every_address(client, site, publish):
    page = publish()
    assert given(client, page) == all_of(page, "file")


def test_files_for_representatives_ask_an_anonymous_reader_to_sign_in_at_every_address(client, site, publish):
    page = publish(access="representatives", title="内部讲稿")
    assert given(client, page) == all_of(page, "sign in")
    file = page.files.get()
    stored = [file.document.file.name, *(p.image.name for p in file.document.previews.all())]
    beyond = [f"/{root}/{name}" for root in ("media", "private") for name in stored]
    beyond += [f"/documents/{file.document_id}/other.pdf", "/api/v2/documents/"]
    assert [name for name in stored if name in client.get("/sitemap.xml").content.decode()] == []
    assert {client.get(address).status_code for address in beyond} == {404}


def test_representatives_and_recorders_may_open_them(client, city, site, publish):
    page = publish(access="representatives")
    representative = city.representative("王样本").representative.user
    seen = [opened(client, page, user=user) for user in (representative, city.recorder, city.other_recorder)]
    assert seen == [all_of(page, "file")] * 3
    client.force_login(representative)
    answer = client.get(addresses(page)["page"])
    b"".join(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_the_page_is_listed_and_says_how_to_get_the_file_but_shows_no_picture(client, city, site, publish):
    session = face(city, site, title="上一场")
    page = publish(access="representatives", title="内部讲稿", session=session)
    shown = {name: client.get(name).content.decode() for name in ("/kejian/", page.url, session.url)}
    assert {name: "内部讲稿" in text for name, text in shown.items()} == dict.fromkeys(shown, True)
    assert {name: "代表登录后下载" in text for name, text in shown.items()} == dict.fromkeys(shown, True)
    assert {name: "/kejian/yl/" in text for name, text in shown.items()} == dict.fromkeys(shown, False)
    client.force_login(city.recorder)
    assert [client.get(name).content.decode().count("/kejian/yl/") for name in ("/kejian/", page.url)] == [
        1,
        3,
    ]


def test_no_search_and_no_feed_names_the_address_of_a_file(client, city, site, publish):
    page = publish(access="representatives", title="内部讲稿", session=face(city, site))
    index()
    told = "".join(
        client.get(address).content.decode()
        for address in ("/", "/sousuo/?q=内部讲稿", "/calendar/sessions.ics", "/fenxianghui/")
    )
    found = [name for name, address in addresses(page).items() if address in told]
    assert (found, "<mark>内部讲稿</mark>" in told) == ([], True)


def test_closing_a_public_courseware_shuts_its_addresses_at_once_also_for_stored_pages(client, site, publish):
    page = publish()
    assert client.get("/kejian/").content.decode().count("/kejian/yl/") == 1
    assert (client.get("/kejian/")["X-Cache"], given(client, page)) == ("hit", all_of(page, "file"))
    page.access = "representatives"
    page = publish(page)
    assert (client.get("/kejian/").content.decode().count("/kejian/yl/"), given(client, page)) == (
        0,
        all_of(page, "sign in"),
    )
    assert page.files.get().document.collection.name == CLOSED


def test_opening_a_closed_courseware_opens_its_addresses(client, site, publish):
    page = publish(access="representatives")
    page.access = "public"
    page = publish(page)
    assert (given(client, page), page.files.get().document.collection.depth) == (all_of(page, "file"), 1)


def test_the_collection_asks_to_sign_in_and_is_made_once(site, publish):
    pages = [publish(access="representatives") for _ in range(2)]
    collection = Collection.objects.get(name=CLOSED)
    CollectionViewRestriction.objects.all().delete()  # somebody opened it by hand
    pages[0].access = "public"
    publish(pages[0])
    pages[0].access = "representatives"
    publish(pages[0])
    assert {page.files.get().document.collection for page in pages} == {collection}
    assert collection.view_restrictions.get().restriction_type == "login"


def test_each_move_leaves_one_line_in_the_log_and_publishing_again_none(site, publish):
    page = publish(access="representatives")
    publish(page)
    lines = PageLogEntry.objects.filter(action="sharing.shelve_courseware")
    assert [line.data["access"] for line in lines] == ["representatives"]


def test_a_document_moved_out_of_its_collection_in_the_admin_stays_closed(client, site, publish):
    page = publish(access="representatives")
    root = Collection.get_first_root_node()
    get_document_model().objects.update(collection=root)  # as Wagtail's bulk action does
    assert given(client, page) == all_of(page, "sign in")
    document = get_document_model().objects.get()
    document.title = "改过的标题"
    document.save()  # as its form does
    assert get_document_model().objects.get().collection.name == CLOSED


def test_a_file_that_another_courseware_keeps_for_representatives_stays_theirs(client, site, publish):
    closed = publish(access="representatives")
    public = courseware(site, live=False)
    CoursewareFile.objects.filter(page=public).update(document=closed.files.get().document)
    public = publish(CoursewarePage.objects.get(pk=public.pk))
    seen = given(client, public)
    assert (seen["download"], seen["page"], seen["document"]) == ("sign in", "sign in", "sign in")


def test_a_drafts_file_is_not_found_by_readers_of_any_sort(client, city, site, publish):
    page = publish()
    page.unpublish()
    never = courseware(site, title="草稿", live=False)
    shelve_courseware(page=never, actor=None)
    readers = (None, city.representative("王样本").representative.user, city.recorder)
    seen = [set(opened(client, each, user=user).values()) for each in (page, never) for user in readers]
    assert seen == [{404}] * 6


def test_a_file_in_an_unpublished_change_of_a_published_courseware_is_not_found(client, site, publish):
    page = publish()
    document = get_document_model()(title="新版")
    document.file.save("new.pdf", ContentFile(b"new"))
    page.files.add(CoursewareFile(document=document))
    page.save_revision()
    assert client.get(document.url).status_code == 404


def test_the_office_opens_a_drafts_document_in_the_admin(client, city, site):
    client.force_login(city.office)
    answer = client.get(courseware(site, live=False).files.get().document.url)
    b"".join(answer)
    assert answer.status_code == 200


def test_a_file_of_a_page_with_a_restriction_is_not_given_out(client, site, publish):
    page = publish()
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")
    assert set(given(client, page).values()) == {404}


def test_a_file_is_named_after_its_title_and_cannot_run(client, site, publish):
    page = publish(title="讲稿")
    answer = client.get(addresses(page)["download"])
    b"".join(answer)
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AE%B2%E7%A8%BF.pdf"
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


def test_a_file_that_is_gone_is_not_found(client, site, publish):
    page = publish()
    file = page.files.get()
    file.document.file.storage.delete(file.document.file.name)
    file.document.previews.get(number=0).image.delete(save=False)
    seen = addresses(page)
    assert [client.get(seen[name]).status_code for name in ("download", "list")] == [404, 404]
