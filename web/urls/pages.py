"""Addresses of the pages that belong to no area: home, help, and what a reader prefers."""

from django.urls import path

from web.views import pages

app_name = "pages"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("method/", pages.method, name="method"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("preferences/", pages.preferences, name="preferences"),
]
