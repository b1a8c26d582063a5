"""Addresses of the REST door: version 1 and its description to try out."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

app_name = "api"
docs = SpectacularSwaggerSplitView.as_view(url_name="api:v1:schema", authentication_classes=[], permission_classes=[])
urlpatterns = [
    path("docs/", docs, name="docs"),
    path("v1/", include("api.v1.urls")),
]
