"""Addresses of the pages of matching; ``matches`` sends a capacity's number on to its own address."""

from django.urls import path

from web.views import matching

app_name = "matching"
urlpatterns = [
    path("needs/<str:number>/matches/", matching.matches, name="matches"),
    path("capacities/<str:number>/matches/", matching.matches, name="capacity_matches"),
    path("matches/<str:number>/<str:counterpart>/dismiss/", matching.dismiss, name="dismiss"),
    path("matches/<str:number>/<str:counterpart>/undo/", matching.undo_dismiss, name="undo_dismiss"),
]
