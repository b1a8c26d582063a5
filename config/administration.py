"""The administration's own site: its name, its order, and what does not belong there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

FOREIGN_TABLES = {"account", "mfa", "allauth_idp_oidc", "django_tasks_database", "auth"}
"""Apps whose tables are not edited by hand: second factors, tokens and secrets, tasks, and rights that we do not use."""
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
        own: Iterable[type[Model]] = [model for model in wanted if model._meta.app_label not in FOREIGN_TABLES]
        super().register(own, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Areas in the order of the house, from accounts to reference."""
        areas = super().get_app_list(request, app_label)
        return sorted(areas, key=lambda area: ORDER.index(area["app_label"]) if area["app_label"] in ORDER else 99)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to the page where everybody changes their password."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to the page where everybody signs out."""
        return redirect("account_logout")
