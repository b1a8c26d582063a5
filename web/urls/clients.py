"""Addresses of the pages where owners let partner systems act for their enterprise."""

from django.urls import path

from web.views import clients

app_name = "clients"
urlpatterns = [
    path("me/clients/", clients.clients, name="list"),
    path("me/clients/<slug:key>/revoke/", clients.revoke, name="revoke"),
]
