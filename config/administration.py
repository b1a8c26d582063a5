"""The administration's own site: its name, its order, and what does not belong there."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

FOREIGN_TABLES = {"account", "mfa", "allauth_idp_oidc", "django_tasks_database", "auth"}
"""Apps whose tables nobody edits by hand: second factors, tokens and secrets, tasks, rights that we do not use."""
OWN_PAGES = {"password_change": "account_change_password", "logout": "account_logout"}
ORDER = ("accounts", "postings", "matching", "partnerships", "parks", "insights", "reference")


class Administration(admin.AdminSite):
    """The door of park administrators and the platform; signing in and passwords are the site's own pages."""

    site_header = _("Chuanyu Match administration")
    site_title = _("Chuanyu Match")
    index_title = _("What you look after")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes the models of our own areas; those of ``FOREIGN_TABLES`` stay outside."""
        wanted = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        own = [model for model in wanted if cast(type[Model], model)._meta.app_label not in FOREIGN_TABLES]
        super().register(own, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Areas in the order of the house, from accounts to reference."""
        areas = super().get_app_list(request, app_label)
        return sorted(areas, key=lambda area: ORDER.index(area["app_label"]) if area["app_label"] in ORDER else 99)

    def get_urls(self) -> list[Any]:
        """The site's own pages for passwords and signing out stand in the place of the administration's."""
        own = {
            name: path(f"{name}/", RedirectView.as_view(pattern_name=page), name=name)
            for name, page in OWN_PAGES.items()
        }
        return [own.get(getattr(known, "name", None) or "", known) for known in super().get_urls()]
