"""Addresses that readers, engines and chat apps expect: maps, feeds, covers, robots.txt."""

from django.urls import path

from portal.conventions import views
from portal.covers.views import cover
from portal.feeds.views import feed, follow

urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", views.sitemap_file, name="sitemap_file"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("ditu/", views.site_map, name="site_map"),
    path("dingyue/", follow, name="follow"),
    path("dingyue/<slug:name>.atom", feed, name="feed"),
    path("fengmian/<int:key>-<slug:digest>.jpg", cover, name="cover"),
]
