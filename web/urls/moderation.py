"""Addresses of what moderators decided about a firm, and of its way back."""

from django.urls import path

from web.views import moderation

app_name = "moderation"
urlpatterns = [
    path("me/suspended/", moderation.suspended, name="suspended"),
    path("decisions/<str:key>/", moderation.decision, name="decision"),
    path("decisions/<str:key>/appeal/", moderation.appeal, name="appeal"),
]
