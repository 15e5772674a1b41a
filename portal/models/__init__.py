"""Accounts, the base of all pages, the site's own pages, its tags and its identity."""

from portal.models.identity import CongressSettings
from portal.models.pages import ArticlePage, BasePage, HomePage, NoticeIndexPage, NoticePage, NoticeTag
from portal.models.tags import PageTag, Tag
from portal.models.user import User

__all__ = [
    "ArticlePage",
    "BasePage",
    "CongressSettings",
    "HomePage",
    "NoticeIndexPage",
    "NoticePage",
    "NoticeTag",
    "PageTag",
    "Tag",
    "User",
]
