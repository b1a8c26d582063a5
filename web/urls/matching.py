"""Addresses of the pages of matching; ``matches`` sends a capacity's number on to its own address."""

from django.urls import path

from web.views import matching

app_name = "matching"
urlpatterns = [
    path("me/new-matches/", matching.news, name="news"),
    path("needs/<slug:number>/matches/", matching.matches, name="matches"),
    path("capacities/<slug:number>/matches/", matching.matches, name="capacity_matches"),
    path("matches/<slug:number>/others/", matching.others, name="others"),
    path("matches/<slug:number>/loosen/", matching.loosen, name="loosen"),
    path("matches/<slug:number>/<slug:counterpart>/dismiss/", matching.dismiss, name="dismiss"),
    path("matches/<slug:number>/<slug:counterpart>/undo/", matching.undo_dismiss, name="undo_dismiss"),
]
