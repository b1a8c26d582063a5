"""Addresses of overflows."""

from django.urls import path

from web.views import overflows

app_name = "overflows"
urlpatterns = [
    path("overflow/", overflows.listed, name="list"),
    path("overflow/new/", overflows.new, name="new"),
    path("overflow/<slug:key>/", overflows.detail, name="detail"),
    path("overflow/<slug:key>/plan/", overflows.plan, name="plan"),
    path("overflow/<slug:key>/close/", overflows.close, name="close"),
    path("overflow/<slug:key>/<slug:part>/", overflows.part, name="part"),
]
