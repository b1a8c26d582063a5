"""Addresses of the pages of insights."""

from django.urls import path

from web.views import insights

app_name = "insights"
urlpatterns = [
    path("chains/", insights.chains, name="chains"),
    path("chains/<str:code>/", insights.chain, name="chain"),
    path("chains/<str:code>/<str:node>/", insights.node, name="node"),
    path("hydrogen/", insights.hydrogen, name="hydrogen"),
    path("figures/", insights.figures, name="figures"),
    path("insights/", insights.insights, name="insights"),
]
