"""Addresses of packages."""

from django.urls import path

from web.views.packages import files, making, shown

app_name = "packages"
urlpatterns = [
    path("packages/", shown.listed, name="list"),
    path("packages/new/", making.new, name="new"),
    path("packages/columns/", files.template, name="template"),
    path("packages/<slug:key>/", shown.detail, name="detail"),
    path("packages/<slug:key>/edit/", making.edit, name="edit"),
    path("packages/<slug:key>/needs/", making.add, name="add"),
    path("packages/<slug:key>/lines/", files.bring, name="file"),
    path("packages/<slug:key>/lines/<slug:token>/", files.take_in, name="take_in"),
    path("packages/<slug:key>/lines/<slug:token>/rejected/", files.rejected, name="rejected"),
    path("packages/<slug:key>/lines/<int:pk>/remove/", making.remove, name="remove"),
    path("packages/<slug:key>/publish/", making.publish, name="publish"),
    path("packages/<slug:key>/discard/", making.discard, name="discard"),
    path("packages/<slug:key>/close/", making.close, name="close"),
    path("packages/<slug:key>/quote/", shown.quote, name="quote"),
    path("packages/<slug:key>/award/", shown.award, name="award"),
    path("packages/<slug:key>/export/<slug:kind>/", files.export, name="export"),
]
