"""Installed as an app for the commands that span areas; gives the administration its site."""

from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.utils.module_loading import autodiscover_modules

ADMIN_MODULES = (
    "people",
    "clients",
    "enterprises",
    "postings",
    "moderation",
    "reference",
    "parks",
    "pairs",
    "projects",
    "figures",
    "region",
    "mails",
    "networks",
)
"""Modules that an area's ``admin`` may hold where it is a package; Django itself looks at its first line only."""


class ConfigConfig(AppConfig):
    """The switchboard."""

    name = "config"
    default = True


class AdministrationConfig(administration.AdminConfig):
    """Django's administration with our own site."""

    default = False
    default_site = "config.administration.Administration"

    def ready(self) -> None:
        """Loads what the areas register, from modules and from packages."""
        super().ready()
        autodiscover_modules(*(f"admin.{name}" for name in ADMIN_MODULES))
