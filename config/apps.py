"""Installed as an app for the commands that span areas."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The switchboard."""

    name = "config"
