"""Addresses of the pages of insights."""

from django.urls import path

from web.views import agreements, chains, flows, insights, investments, talent, weak_links
from web.views.hydrogen import corridor

app_name = "insights"
urlpatterns = [
    path("chains/", chains.chains, name="chains"),
    path("chains/<str:code>/", chains.chain, name="chain"),
    path("chains/<str:code>/weak-links/", chains.weak_links, name="chain_weak_links"),
    path("chains/<str:code>/map/<str:kind>/", chains.map_file, name="chain_map"),
    path("chains/<str:code>/<str:node>/", chains.node, name="node"),
    path("chains/<str:code>/<str:node>/scores/<str:kind>/", chains.scores_file, name="node_scores"),
    path("hydrogen/", corridor.hydrogen, name="hydrogen"),
    path("figures/", insights.figures, name="figures"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:code>/", agreements.agreement, name="agreement"),
    path("talent/", talent.talent, name="talent"),
    path("insights/", insights.insights, name="insights"),
    path("insights/chains/<str:kind>/", chains.chains_file, name="chains_chart"),
    path("insights/flows/", flows.flows, name="flows"),
    path("insights/flows/chart/<str:kind>/", flows.flows_file, name="flows_chart"),
    path("insights/weak-links/", weak_links.table, name="weak_links"),
    path("insights/weak-links/what-if/", investments.investment, name="investment"),
    path("insights/weak-links/export/<str:kind>/", weak_links.export, name="export_weak_links"),
    path("insights/weak-links/weeks/<str:kind>/", weak_links.weeks_file, name="weak_link_weeks"),
]
