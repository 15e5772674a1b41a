"""The words of the letters: plain text, our own host only, nothing private, one line for what others wrote."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from portal.follow.links import address_of, page_address
from portal.models import BasePage, CongressSettings

PATIENCE = 20  # seconds a mail server may take to answer
LISTED = 20  # items in one letter; the rest is counted and found on the site
SUBJECT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose letters these are: the name of the site, its host and how to reach it."""

    site_name: str
    signature: str


def sender() -> Sender:
    """Return it as the settings of the site say (1 query)."""
    site = CongressSettings.objects.first() or CongressSettings()
    hours = f"（{site.phone_hours}）" if site.phone_hours else ""
    lines = [
        site.site_name,
        f"主办：{site.host_name}" if site.host_name else "",
        f"联系电话：{site.phone}{hours}" if site.phone else "",
        f"网址：{settings.PUBLIC_URL}/",
        "这是系统发出的邮件，不用回复。",
    ]
    return Sender(one_line(site.site_name), "\n".join(one_line(line) for line in lines if line))


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `leave` is the address that ends what it comes from (RFC 8058: one POST, no cookie, no login)."""

    to: str
    subject: str
    text: str
    leave: str

    def send(self) -> None:
        """Hand it to the mail server; whatever that raises is one try that did not work."""
        headers = {
            "List-Unsubscribe": f"<{self.leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        connection = get_connection(timeout=PATIENCE)
        EmailMessage(self.subject, self.text, None, [self.to], headers=headers, connection=connection).send()


def one_line(text: str) -> str:
    """Return a title as it stands in a letter: no line break that would begin a new header, no forced breaks."""
    return " ".join(str(text).replace("|", "").split())


def quoted(labels: Iterable[str]) -> str:
    """Return what is followed, in words: “代表风采”、“丁示例代表”."""
    return "、".join(f"“{one_line(label)}”" for label in labels)


def confirmation(*, to: str, label: str, token: str, leave: str, sender: Sender) -> Letter:
    """Return the letter that asks whether the owner of the address wants it; no words of who typed it get in."""
    label, link = one_line(label), address_of("follow_leave", leave)
    text = (
        f"您好。\n\n有人在“{sender.site_name}”填了这个邮箱，想在“{label}”有新内容时收到邮件。\n\n"
        f"是您本人的话，请在 3 天内打开下面的网址，再按“确认订阅”：\n{address_of('follow_confirm', token)}\n\n"
        f"不是您本人的话，不用理会：不确认就不会再收到，7 天后这个邮箱会从我们这里删除。"
        f"也可以现在就取消：\n{link}\n\n--\n{sender.signature}\n"
    )
    return Letter(to, f"请确认订阅：{label} - {sender.site_name}", text, link)


def already(*, to: str, label: str, leave: str, sender: Sender) -> Letter:
    """Return the letter to who follows already: the page cannot say so, as anybody may type an address there."""
    label, link = one_line(label), address_of("follow_leave", leave)
    text = (
        f"您好。\n\n您已经订阅了“{label}”，不用再确认，有新内容时会发到这个邮箱。\n\n"
        f"不想再收到，请打开下面的网址，再按“退订”：\n{link}\n\n--\n{sender.signature}\n"
    )
    return Letter(to, f"您已经订阅：{label} - {sender.site_name}", text, link)


def digest(*, to: str, pages: list[BasePage], labels: Iterable[str], leave: str, sender: Sender) -> Letter:
    """Return the one letter that tells of all `pages`; `labels` say what the reader follows that they come from."""
    link = address_of("follow_leave", leave)
    items = [
        f"{number}. {one_line(page.title)}\n"
        f"   {page._meta.verbose_name} · {page.told_when()}\n"
        f"   {page_address(page)}"
        for number, page in enumerate(pages[:LISTED], start=1)
    ]
    if len(pages) > LISTED:
        items.append(f"另有 {len(pages) - LISTED} 条，请到网站上看。")
    listed = "\n\n".join(items)
    text = (
        f"您好。\n\n您订阅的{quoted(labels)}有新内容：\n\n{listed}\n\n"
        f"不想再收到，请打开下面的网址，再按“退订”：\n{link}\n\n--\n{sender.signature}\n"
    )
    first = one_line(pages[0].title)
    subject = (
        first[:SUBJECT_LENGTH] if len(pages) == 1 else f"有 {len(pages)} 条新内容：{first}"[:SUBJECT_LENGTH]
    )
    return Letter(to, f"{subject} - {sender.site_name}", text, link)
