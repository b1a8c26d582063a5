"""The door as Django knows it."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """Name of the door."""

    name = "web"
