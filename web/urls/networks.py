"""Addresses of a firm's list of suppliers and distributors."""

from django.urls import path

from web.views.networks import acts, files, shown

app_name = "networks"
urlpatterns = [
    path("network/suppliers/", shown.suppliers, name="suppliers"),
    path("network/suppliers/new/", acts.new, name="new"),
    path("network/suppliers/release/", acts.release, name="release"),
    path("network/suppliers/map/", shown.supplier_map, name="map"),
    path("network/suppliers/map/<slug:kind>/", shown.map_file, name="map_file"),
    path("network/suppliers/papers/", shown.papers, name="papers"),
    path("network/suppliers/columns/", files.template, name="template"),
    path("network/suppliers/export/<slug:kind>/", shown.export, name="export"),
    path("network/suppliers/nodes/<str:code>/", shown.node, name="node"),
    path("network/suppliers/file/", files.bring, name="file"),
    path("network/suppliers/file/<slug:token>/", files.take_in, name="take_in"),
    path("network/suppliers/file/<slug:token>/decide/", files.decide, name="decide"),
    path("network/suppliers/file/<slug:token>/rejected/", files.rejected, name="rejected"),
    path("network/suppliers/<slug:key>/", acts.supplier, name="supplier"),
    path("network/suppliers/<slug:key>/edit/", acts.edit, name="edit"),
    path("network/suppliers/<slug:key>/supplies/", acts.add_supply, name="add_supply"),
    path("network/suppliers/<slug:key>/supplies/<int:pk>/end/", acts.end, name="end_supply"),
    path("network/suppliers/<slug:key>/off/", acts.unlist, name="unlist"),
    path("network/suppliers/<slug:key>/back/", acts.relist, name="relist"),
    path("network/suppliers/<slug:key>/who/", acts.who, name="who"),
    path("network/suppliers/<slug:key>/here/", acts.decide_here, name="decide_here"),
    path("network/suppliers/<slug:key>/invite/", acts.invite, name="invite"),
    path("network/suppliers/<slug:key>/ask/", acts.ask, name="ask"),
    path("coordination/networks/", shown.coordinated, name="coordinated"),
    path("coordination/networks/<slug:key>/", shown.coordinated_network, name="coordinated_network"),
]
