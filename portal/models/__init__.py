"""Accounts, the base of all pages, the site's own pages and its identity."""

from portal.models.identity import CongressSettings
from portal.models.pages import ArticlePage, BasePage, HomePage, NoticeIndexPage, NoticePage
from portal.models.theme import HeadingFont, SiteTheme
from portal.models.user import User

__all__ = [
    "ArticlePage", "BasePage", "CongressSettings", "HeadingFont", "HomePage", "NoticeIndexPage", "NoticePage", "SiteTheme",
    "User",
]  # fmt: skip
