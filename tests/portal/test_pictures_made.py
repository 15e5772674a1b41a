"""The making of renditions: when a page is published, an image changes, and by rounds; bounded, and never by a reader."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from wagtail.images import get_image_model

from portal.models import CongressSettings
from portal.pictures import making
from portal.pictures.making import make_for_pages, make_missing
from portal.pictures.wanted import pictures_of
from portal.templatetags.picture_tags import logo
from tests.portal.pictured import content, notice, photograph, story
from tests.sessions.faces import courseware

Image = get_image_model()
Rendition = Image.get_rendition_model()
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def kinds():
    return sorted(
        {spec.rpartition("format-")[2] for spec in Rendition.objects.values_list("filter_spec", flat=True)}
    )


def test_publishing_makes_all_formats_of_what_the_page_shows(city, site, commits):
    page = story(city, site, cover=photograph(), portrait=photograph("b.jpg"), portrait_alt="工作照")
    with commits():
        page.save_revision().publish()
    uses = sorted(spec.split("|")[0] for spec in Rendition.objects.values_list("filter_spec", flat=True))
    assert (kinds(), len(uses), set(uses)) == (
        ["avif", "jpeg", "webp"], 10,
        {"fill-264x312-c50", "fill-400x500-c30", "fill-528x624-c50", "fill-800x1000-c30"},
    )  # fmt: skip


def test_a_page_without_pictures_and_a_draft_ask_for_nothing(city, site, commits, settings):
    settings.TASKS = DATABASE
    page = notice(site)
    with commits():
        page.save_revision().publish()
        page.save_revision()
    assert DBTaskResult.objects.filter(task_path__contains="pictures").count() == 0


def test_what_an_editor_publishes_has_webp_before_the_worker_runs(client, city, site, commits, settings):
    settings.TASKS = DATABASE
    client.force_login(city.office)
    page = notice(site, photograph())
    form = {
        "title": "改过的标题", "slug": page.slug, "date": "2026-06-01", "source": "代工委", "action-publish": "1",
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "picture", "body-0-id": "",
        "body-0-value-image": str(Image.objects.get().pk), "body-0-value-alt": "接待室里", "body-0-value-caption": "",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    with commits():
        answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert (answer.status_code, kinds()) == (302, ["webp"])
    assert DBTaskResult.objects.filter(task_path="portal.pictures.tasks.make_pictures_of_page").count() == 2


def test_the_pictures_of_a_page_are_known_for_each_sort_of_page(city, site):
    one, other = photograph(), photograph("b.jpg")
    found = {
        "story": sorted(use for _, use in pictures_of(story(city, site, cover=one, portrait=other))),
        "plain": sorted(use for _, use in pictures_of(story(city, site, "田示范", portrait=other))),
        "courseware": sorted(use for _, use in pictures_of(courseware(site, cover=one))),
        "notice": sorted(use for _, use in pictures_of(notice(site, one, other))),
    }
    assert found == {
        "story": ["cover", "portrait"], "plain": ["cover", "portrait"], "courseware": ["card", "figure"],
        "notice": ["figure", "figure"],
    }  # fmt: skip


def replace(client, image, **more):
    data = {"title": image.title, "collection": image.collection_id, "tags": "", "description": "", **more}
    return client.post(reverse("wagtailimages:edit", args=[image.pk]), data)


def test_a_replaced_image_shows_at_once_under_a_new_address(client, city, site, commits):
    client.force_login(city.office)
    page = notice(site, photograph("same.jpg"), made=["webp"])
    client.logout()
    before = client.get(page.url).content.decode()
    old = [one.url for one in Rendition.objects.all()]
    client.force_login(city.office)
    with commits():
        file = SimpleUploadedFile("same.jpg", content(colour="blue"), "image/jpeg")
        answer = replace(client, Image.objects.get(), file=file)
        assert answer.status_code == 302, answer.context["form"].errors
    client.logout()
    after = client.get(page.url).content.decode()
    new = [one.url for one in Rendition.objects.filter(filter_spec__contains="webp")]
    assert [address in before for address in old] == [True] * len(old)
    assert ([address in after for address in old], [address in after for address in new]) == (
        [False] * len(old), [True] * len(new),
    )  # fmt: skip
    assert len(new) == len(old)


def test_the_same_name_and_another_picture_is_another_file(client, city):
    client.force_login(city.office)
    names = []
    for colour in ("red", "blue"):
        upload = SimpleUploadedFile("照片.jpg", content((40, 50), colour), "image/jpeg")
        answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "示例", "files[]": upload})
        assert answer.json()["success"], answer.json()
        names.append(Image.objects.order_by("-pk").first().filename.split("-")[0])
    assert (len(set(names)), [len(name) for name in names]) == (2, [12, 12])


def test_another_focal_point_is_cut_when_the_editor_is_answered(client, city, site, commits):
    client.force_login(city.office)
    story(city, site, cover=photograph(), made=["webp"])
    spot = {"focal_point_x": 200, "focal_point_y": 200, "focal_point_width": 100, "focal_point_height": 100}
    with commits():
        replace(client, Image.objects.get(), **spot)
    keys = Rendition.objects.filter(filter_spec="fill-400x500-c30|format-webp").values_list(
        "focal_point_key", flat=True
    )
    assert len(set(keys)) == 2


def test_renditions_and_their_files_go_with_the_image(site, commits):
    image = photograph()
    notice(site, image, made=["webp"])
    storage, names = image.file.storage, [one.file.name for one in Rendition.objects.all()]
    with commits():
        image.delete()
    assert (Rendition.objects.count(), [storage.exists(name) for name in names]) == (0, [False, False])


def test_a_round_makes_what_is_missing_and_the_next_one_nothing(city, site):
    story(city, site, cover=photograph())
    notice(site, photograph("b.jpg"))
    assert (make_missing(), make_missing()) == (10, 0)


def test_a_round_stops_when_its_time_is_over(city, site):
    story(city, site, cover=photograph())
    assert (make_missing(seconds=0), Rendition.objects.count()) == (0, 0)


def test_a_picture_whose_file_is_lost_keeps_no_other_from_being_made(city, site):
    lost, whole = photograph("lost.jpg"), photograph("whole.jpg")
    page = notice(site, lost, whole)
    lost.file.storage.delete(lost.file.name)
    assert make_for_pages(pages=[page], kinds=["webp"]) == 2


def test_the_logo_of_the_header_is_made_by_the_round(site):
    root = site["home"].get_site()
    CongressSettings.objects.create(site=root, logo=photograph())
    assert (make_missing(), Rendition.objects.get().filter_spec) == (1, "height-96")


def test_the_header_shows_the_seal_until_the_logo_is_made_and_no_reader_makes_it(
    client, site, commits, just_started
):
    mark = photograph()
    CongressSettings.objects.create(site=site["home"].get_site(), logo=mark)
    before, made = client.get("/").text, Rendition.objects.count()
    with commits():
        making.make_for_image(image=mark)
    after, shown = client.get("/").text, Rendition.objects.get()
    img = f'<img src="{shown.url}" width="76" height="96" alt="">'
    assert (made, before.count('class="seal"'), after.count('class="seal"'), after.count(img)) == (0, 1, 0, 1)


def test_the_logo_costs_one_query_and_none_after_that(site, django_assert_num_queries):
    identity = CongressSettings.objects.create(site=site["home"].get_site(), logo=photograph())
    make_missing()
    with django_assert_num_queries(1):
        first = logo(identity)
    with django_assert_num_queries(0):
        assert (logo(identity), first.count("<img")) == (first, 1)


def test_the_command_says_how_many_it_made(city, site):
    story(city, site, cover=photograph())
    out = io.StringIO()
    call_command("pictures", stdout=out)
    assert out.getvalue() == "生成了 5 个图片文件。\n"


def test_pages_that_were_stored_meanwhile_are_dropped(client, city, site, commits):
    page = story(city, site, cover=photograph())
    first = client.get(page.url).content.decode()
    with commits():
        making.make_missing(kinds=["webp"])
    second = client.get(page.url).content.decode()
    assert ["format-webp" in first, "format-webp" in second] == [False, True]
