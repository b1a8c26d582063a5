"""The administration's own site: its name, its order, and what does not belong there."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.generic import RedirectView

from accounts.models import Review, User
from accounts.permissions import is_moderator
from accounts.querysets import is_platform_admin
from config.standing import standing_for

FOREIGN_TABLES = {"account", "mfa", "allauth_idp_oidc", "django_tasks_database", "auth"}
"""Apps whose tables nobody edits by hand: second factors, tokens and secrets, tasks, rights that we do not use."""
OWN_PAGES = {"password_change": "account_change_password", "logout": "account_logout"}
ORDER = (
    "accounts",
    "postings",
    "matching",
    "partnerships",
    "talks",
    "consortia",
    "parks",
    "insights",
    "desk",
    "days",
    "reference",
)


LABELS = {
    "proposed_by": _("proposed by"),
    "follows": _("follows"),
    "answered_by": _("answered by"),
    "act": _("act"),
    "actor": _("who"),
    "aliases": _("other names"),
    "aliases_en": _("other names in English"),
    "aliases_zh": _("other names in Chinese"),
    "level_names_zh": _("names of the levels in Chinese"),
    "level_names_en": _("names of the levels in English"),
    "paper_kind": _("kind of personal paper"),
    "note_zh": _("note in Chinese"),
    "note_en": _("note in English"),
    "base": _("base unit"),
    "basis": _("basis"),
    "busy_level": _("how busy"),
    "capacity": _("capacity"),
    "certification": _("certificate"),
    "capacity_version": _("version of the capacity"),
    "chain": _("chain"),
    "chains": _("chains"),
    "changed_at": _("changed at"),
    "channel": _("channel"),
    "checked_by": _("checked by"),
    "checked_at": _("checked at"),
    "client_id": _("identity of the client"),
    "cluster": _("cluster"),
    "code": _("code"),
    "comparison": _("comparison"),
    "confirmed_outcomes": _("confirmed outcomes"),
    "consumer": _("consuming node"),
    "counterpart": _("counterpart"),
    "created_at": _("made at"),
    "created_by": _("made by"),
    "date_joined": _("joined at"),
    "dimension": _("dimension"),
    "dismissed_by": _("dismissed by"),
    "end_reason": _("why it ended"),
    "engine_version": _("version of the engine"),
    "enterprise": _("enterprise"),
    "evidence_hash": _("fingerprint of the evidence"),
    "factor_to_base": _("factor to the base unit"),
    "facet": _("facet"),
    "facts": _("particulars"),
    "firms": _("firms"),
    "first_shown_at": _("first shown at"),
    "from_park": _("from park"),
    "from_state": _("from state"),
    "gb4754_code": _("code of GB/T 4754"),
    "grade": _("grade"),
    "granted_by": _("granted by"),
    "happened_at": _("when"),
    "hidden_from_typed": _("hidden from, as typed"),
    "hold_reason": _("why it waits"),
    "hs_hint": _("customs code"),
    "introduced_at": _("introduced at"),
    "queued_at": _("in the queue since"),
    "is_leaf": _("end of a branch"),
    "issuer": _("issuer"),
    "key": _("key"),
    "kind": _("kind"),
    "last_form": _("last form"),
    "last_used_on": _("last used on"),
    "lat": _("latitude"),
    "level": _("level"),
    "levels": _("levels"),
    "lon": _("longitude"),
    "name_en": _("name in English"),
    "name_zh": _("name in Chinese"),
    "need": _("need"),
    "need_version": _("version of the need"),
    "node": _("node"),
    "note": _("note"),
    "number": _("number"),
    "open_interest_count": _("open interests"),
    "opened_by": _("opened by"),
    "owner": _("owner"),
    "parent": _("belongs to"),
    "parameter": _("technical parameter"),
    "park": _("park"),
    "partner_park": _("partner park"),
    "path": _("path"),
    "pinyin_full": _("pinyin"),
    "pinyin_initials": _("initials of the pinyin"),
    "points": _("points"),
    "position": _("position"),
    "posting": _("posting"),
    "quantity_band": _("band of the quantity"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "region": _("region"),
    "regions": _("regions"),
    "reserved_amount": _("amount agreed"),
    "retired_on": _("no longer in use since"),
    "revoked_at": _("taken back at"),
    "role": _("role"),
    "scope": _("holds for nodes"),
    "scope_en": _("scope in English"),
    "scope_zh": _("scope in Chinese"),
    "seq": _("number"),
    "session_seed": _("seed of the sessions"),
    "short_en": _("short name in English"),
    "short_zh": _("short name in Chinese"),
    "shown_at": _("last shown at"),
    "shown_count": _("times shown"),
    "side": _("side"),
    "site": _("site"),
    "slug": _("name in addresses"),
    "source": _("source"),
    "stage": _("stage"),
    "subject_en": _("subject in English"),
    "subject_zh": _("subject in Chinese"),
    "successor": _("successor"),
    "supplier": _("supplying node"),
    "symbol": _("sign"),
    "term_en": _("term in English"),
    "term_zh": _("term in Chinese"),
    "thing": _("thing"),
    "thing_key": _("key of the thing"),
    "tile_col": _("column of the tile"),
    "tile_row": _("row of the tile"),
    "to_park": _("to park"),
    "to_state": _("to state"),
    "unit": _("unit"),
    "unread_texts": _("texts that could not be read"),
    "user": _("person"),
    "valid_from": _("valid from"),
    "valid_to": _("valid until"),
    "validity_basis": _("basis of the validity"),
    "validity_years": _("years of validity"),
    "variant_of": _("variant of"),
    "verb": _("what happened"),
    "verified_at": _("verified at"),
    "version": _("version"),
    "viewer": _("shown to"),
    "against": _("against the decision"),
    "decided_by": _("decided by"),
    "outcome": _("outcome"),
    "word": _("word"),
    "postings": _("postings"),
    "accepted_at": _("accepted at"),
    "accepts_ahead_by": _("introduction agreed in advance by"),
    "content_changed_at": _("content changed at"),
    "mail_paces": _("paces of the mails"),
    "claimed_at": _("being mailed since"),
    "invited_by": _("invited by"),
    "mailed_at": _("mailed at"),
    "pace": _("pace of the mails"),
    "read_at": _("read at"),
    "reader": _("reader"),
    "route": _("page that it leads to"),
    "seed": _("seed of the link"),
    "token_hash": _("fingerprint of the link"),
    "sample": _("sample"),
    "state": _("state"),
    "term": _("term"),
}
"""What columns are called here that their models leave to their technical name, which no translation knows."""


LEFT_IN_ENGLISH = (
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Model name"),
)
"""Words of Django's own pages that its Chinese catalogue does not know; ours does."""


def name_columns(model: type[Model]) -> None:
    """Give the columns of ``model`` that have no name of their own the one of ``LABELS``."""
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if not isinstance(field.verbose_name, Promise) and field.name in LABELS:
            # Only what is read from the field, not what migrations compare.
            field.verbose_name = LABELS[field.name]


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
        for model in own:
            name_columns(cast(type[Model], model))
            for part in getattr(admin_class, "inlines", ()):
                name_columns(part.model)
        super().register(own, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The first page, with how much waits in the review queue for those who moderate, and how the platform stands
        for who administers it.
        """
        user = request.user
        waiting = Review.objects.reviewable_by(user).open().count() if is_moderator(user) else None
        standing = standing_for(user) if isinstance(user, User) and is_platform_admin(user) else []
        return super().index(request, {"waiting": waiting, "standing": standing, **(extra_context or {})})

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
