"""Addresses of the pages of parks."""

from django.urls import path

from web.views import parks

app_name = "parks"
urlpatterns = [
    path("parks/", parks.parks, name="list"),
    path("parks/<slug:slug>/", parks.park, name="detail"),
]
