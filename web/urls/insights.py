"""Addresses of the pages of insights."""

from django.urls import path

from web.views import insights, weak_links

app_name = "insights"
urlpatterns = [
    path("chains/", insights.chains, name="chains"),
    path("chains/<str:code>/", insights.chain, name="chain"),
    path("chains/<str:code>/<str:node>/", insights.node, name="node"),
    path("hydrogen/", insights.hydrogen, name="hydrogen"),
    path("figures/", insights.figures, name="figures"),
    path("insights/", insights.insights, name="insights"),
    path("insights/weak-links/", weak_links.table, name="weak_links"),
    path("insights/weak-links/export/<str:kind>/", weak_links.export, name="export_weak_links"),
]
