"""Addresses of the pages of parks."""

from django.urls import path

from web.views import park_comparison, parks

app_name = "parks"
urlpatterns = [
    path("parks/", parks.parks, name="list"),
    path("parks/compare/", park_comparison.compared, name="compare"),
    path("parks/<slug:slug>/figures/<slug:indicator>/<str:kind>/", parks.figure_of_park, name="figure"),
    path("parks/<slug:slug>/", parks.park, name="detail"),
]
