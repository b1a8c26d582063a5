"""The area as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreaConfig(AppConfig):
    """Name and label of the area."""

    name = "matchmaking.networks"
    label = "networks"
    verbose_name = _("Networks of firms")
