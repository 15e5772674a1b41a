"""The sections this floor lends: sharing sessions and courseware."""

from portal.sections import Section
from sessions.models import CoursewareIndexPage, SessionIndexPage

SHARED = Section(SessionIndexPage, "分享会", "fenxianghui", "每月一场，把履职的经验讲给更多人听。")
COURSEWARE = Section(CoursewareIndexPage, "课件库", "kejian", "分享会和大课堂留下的课件，可以下载使用。")
SECTIONS = (SHARED, COURSEWARE)
