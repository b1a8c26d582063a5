"""Addresses of sets of suppliers."""

from django.urls import path

from web.views import consortia

app_name = "consortia"
urlpatterns = [
    path("needs/<slug:number>/suppliers/", consortia.sets, name="sets"),
    path("consortia/<slug:key>/", consortia.detail, name="detail"),
    path("consortia/<slug:key>/consent/", consortia.consent, name="consent"),
    path("consortia/<slug:key>/leave/", consortia.leave, name="leave"),
    path("consortia/<slug:key>/add/", consortia.add, name="add"),
    path("consortia/<slug:key>/dissolve/", consortia.dissolve, name="dissolve"),
]
