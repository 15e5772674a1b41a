"""What this floor lends to the search: notices. Sections and standing pages are found by themselves."""

from portal.models import NoticePage
from portal.search.lent import pages

LENT = [pages("notice", "通知公告", NoticePage, order=60)]
