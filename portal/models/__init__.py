"""Accounts, the base of all pages, the site's own pages, its tags and its identity, and who follows by e-mail."""

from portal.models.follow import ClientHour, Delivery, Follower, MailLink, Subscription
from portal.models.identity import CongressSettings
from portal.models.pages import ArticlePage, BasePage, HomePage, NoticeIndexPage, NoticePage, NoticeTag
from portal.models.tags import PageTag, Tag
from portal.models.theme import HeadingFont, SiteTheme
from portal.models.user import User

__all__ = [
    "ArticlePage",
    "BasePage",
    "ClientHour",
    "CongressSettings",
    "Delivery",
    "Follower",
    "HeadingFont",
    "HomePage",
    "MailLink",
    "NoticeIndexPage",
    "NoticePage",
    "NoticeTag",
    "PageTag",
    "SiteTheme",
    "Subscription",
    "Tag",
    "User",
]
