"""Paper of the demonstration: the last session's certificates, and a drawn page in place of its signed list."""

import io
from datetime import timedelta
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from portal.models import User
from portal.uploads import take
from sessions.models import Activity
from sessions.operations import issue_certificates, keep_sheet

SIZE = (900, 1270)  # px, the shape of A4
ROWS = 26


def paper(activity: Activity, recorder: User, random: Random) -> None:
    """Keep one page of evidence with a closed roll and give out its certificates, half an hour after the close."""
    assert activity.closed_at is not None
    moment = activity.closed_at + timedelta(minutes=30)
    page = ContentFile(_signed_page(random), name="签到册示意图.jpg")
    upload = take(page, allowed={"jpg"}, at_most=5_000_000)
    note = "演示用的示意图，没有真实签名"
    keep_sheet(activity=activity, upload=upload, actor=recorder, moment=moment, note=note)
    issue_certificates(activity=activity, actor=recorder, moment=moment)


def _signed_page(random: Random) -> bytes:
    """Draw a ruled page with strokes of a pen that are nobody's name."""
    page = Image.new("RGB", SIZE, "#f7f4ec")
    pen = ImageDraw.Draw(page)
    top, height = 150, 40
    for row in range(ROWS + 1):
        pen.line((60, top + row * height, 840, top + row * height), fill="#555555")
    for place in (60, 130, 300, 520, 740, 840):
        pen.line((place, top, place, top + ROWS * height), fill="#555555")
    for row in range(ROWS):
        middle = top + row * height + height // 2
        dots = [(545 + 14 * step, middle + random.randint(-12, 12)) for step in range(random.randint(5, 11))]
        pen.line(dots, fill="#1d2b52", width=3, joint="curve")
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70)
    return out.getvalue()
