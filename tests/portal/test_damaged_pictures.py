"""A picture that is damaged or was not transferred whole is refused in a sentence, and the form is given back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images import get_image_model

from portal.upload_forms import NOT_OPENED
from tests.portal.pictured import leaves_files_open, photograph

Image = get_image_model()
FORMS = {"a.jpg": "JPEG", "a.png": "PNG", "a.gif": "GIF", "a.webp": "WEBP", "a.avif": "AVIF"}
HALVES = [(name, part) for name in FORMS for part in (0.3, 0.6, 0.9)]


def noise(name, frames=1):
    pictures = [Pillow.effect_noise((120, 90), 80).convert("RGB") for _ in range(frames)]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(out, FORMS[name], **more)
    return out.getvalue()


def upload(name, part, frames=1):
    content = noise(name, frames)
    return SimpleUploadedFile(name, content[: int(len(content) * part)])


@pytest.fixture
def office(client, city):
    client.force_login(city.office)
    return client


@pytest.mark.parametrize(("name", "part"), HALVES)
def test_a_half_picture_is_refused_where_pictures_are_added(office, name, part):
    answer = office.post(
        reverse("wagtailimages:add_multiple"), {"title": "示例", "files[]": upload(name, part)}
    )
    assert (answer.status_code, answer.json(), Image.objects.count()) == (
        200,
        {"success": False, "error_message": NOT_OPENED},
        0,
    )


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_a_half_moving_picture_is_refused(office, name):
    answer = office.post(
        reverse("wagtailimages:add_multiple"), {"title": "示例", "files[]": upload(name, 0.95, frames=3)}
    )
    assert (answer.json(), Image.objects.count()) == ({"success": False, "error_message": NOT_OPENED}, 0)


def test_a_whole_picture_of_every_kind_is_taken(office):
    taken = {}
    for name in FORMS:
        answer = office.post(
            reverse("wagtailimages:add_multiple"), {"title": "示例", "files[]": upload(name, 1)}
        )
        taken[name] = answer.json()["success"]
    assert taken == dict.fromkeys(FORMS, True)


@leaves_files_open
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif"])
def test_a_half_picture_replaces_none_and_the_form_is_given_back(office, name):
    image = photograph()
    kept = image.file.name
    data = {"title": "改过", "collection": image.collection_id, "tags": "", "description": ""}
    page = office.post(reverse("wagtailimages:edit", args=[image.pk]), data | {"file": upload(name, 0.6)})
    image.refresh_from_db()
    assert (page.status_code, page.context["form"].errors, page.context["form"]["title"].value()) == (
        200,
        {"file": [NOT_OPENED]},
        "改过",
    )
    assert (page.text.count(NOT_OPENED) > 0, image.file.name) == (True, kept)
