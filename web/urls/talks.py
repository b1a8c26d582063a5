"""Addresses of messages, files and questions."""

from django.urls import path

from web.views.talks import threads

app_name = "talks"
urlpatterns = [
    path("messages/", threads.threads, name="threads"),
    path("partnerships/<slug:key>/messages/", threads.thread, name="thread"),
]
