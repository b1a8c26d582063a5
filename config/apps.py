"""Installed as an app for the commands that span areas; gives the administration its site."""

from django.apps import AppConfig
from django.contrib.admin import apps as administration


class ConfigConfig(AppConfig):
    """The switchboard."""

    name = "config"
    default = True


class AdministrationConfig(administration.AdminConfig):
    """Django's administration with our own site."""

    default = False
    default_site = "config.administration.Administration"
