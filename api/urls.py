"""Addresses of the REST door: version 1 and its description to try out."""

from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

app_name = "api"
# Swagger UI writes styles into its page; this one page allows that, and still no foreign or inline script.
DOCS_STYLES = {"style-src": ["'self'", "'unsafe-inline'"], "img-src": ["'self'", "data:"]}
docs = SpectacularSwaggerSplitView.as_view(url_name="api:v1:schema", authentication_classes=[], permission_classes=[])
urlpatterns = [
    path("docs/", csp_update(DOCS_STYLES)(docs), name="docs"),
    path("v1/", include("api.v1.urls")),
]
