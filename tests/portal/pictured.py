"""Pictures for tests: photographs of one colour, stories and notices that show them."""

import io
from datetime import date

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from portal.models import NoticePage
from portal.pictures.making import make_for_pages
from stations.models import ProfilePage

# For tests in which Wagtail itself makes a thumbnail: it leaves the file open, and whoever comes next would be blamed.
leaves_files_open = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
DAY = date(2026, 6, 1)


def content(size=(1000, 1250), colour="red", form="JPEG"):
    """Return the bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def photograph(name="a.jpg", *, size=(1000, 1250), colour="red", **more):
    """Keep a picture in the library and return it."""
    file = ImageFile(io.BytesIO(content(size, colour)), name=name)
    return get_image_model().objects.create(title="示例照片", file=file, **more)


def story(city, site, name="丁示例", *, made=(), **more):
    """Publish a story and return its page; `made` are the formats that have been made of its pictures."""
    person = city.representative(name, login=False).representative
    page = ProfilePage(
        title=f"{name}的故事", slug=f"gushi-{person.pk}", representative=person, date=DAY, **more
    )
    site["daibiao"].add_child(instance=page)
    ReferenceIndex.create_or_update_for_object(page)  # the worker's part
    make_for_pages(pages=[page], kinds=made)
    return page


def notice(site, *images, made=(), **more):
    """Publish a notice with pictures in its text and return its page."""
    body = [("picture", {"image": image, "caption": "", "alt": "接待室里"}) for image in images]
    page = NoticePage(title="示例通知", slug=f"tu-{NoticePage.objects.count()}", date=DAY, body=body, **more)
    site["tongzhi"].add_child(instance=page)
    page = NoticePage.objects.get(pk=page.pk)
    ReferenceIndex.create_or_update_for_object(page)
    make_for_pages(pages=[page], kinds=made)
    return page
