"""Addresses of the pages of partnerships."""

from django.urls import path

from web.views import partnerships

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", partnerships.listed, name="list"),
    path("partnerships/interest/", partnerships.interest, name="interest"),
    path("partnerships/<str:key>/", partnerships.detail, name="detail"),
    path("partnerships/<str:key>/accept/", partnerships.accept, name="accept"),
    path("partnerships/<str:key>/decline/", partnerships.decline, name="decline"),
    path("partnerships/<str:key>/withdraw/", partnerships.withdraw, name="withdraw"),
    path("partnerships/<str:key>/end/", partnerships.end, name="end"),
    path("partnerships/<str:key>/contact/", partnerships.contact, name="contact"),
]
