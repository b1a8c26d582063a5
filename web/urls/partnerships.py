"""Addresses of the pages of partnerships."""

from django.urls import path

from web.views import partnerships

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", partnerships.listed, name="list"),
    path("partnerships/interest/", partnerships.interest, name="interest"),
    path("partnerships/<slug:key>/", partnerships.detail, name="detail"),
    path("partnerships/<slug:key>/accept/", partnerships.accept, name="accept"),
    path("partnerships/<slug:key>/decline/", partnerships.decline, name="decline"),
    path("partnerships/<slug:key>/withdraw/", partnerships.withdraw, name="withdraw"),
    path("partnerships/<slug:key>/end/", partnerships.end, name="end"),
    path("partnerships/<slug:key>/contact/", partnerships.contact, name="contact"),
]
