"""What the administration of every area is built on: rows are read, services act."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin.lists import CheapList, key_of
from accounts.models import User
from accounts.permissions import is_moderator
from accounts.querysets import HELD_SCOPES, is_platform_admin, review_scopes
from accounts.services.looks import record_look
from common.errors import Invalid, Refused, ServiceError, Stale
from common.reason_texts import text_of
from common.reasons import Reason

Answer = HttpResponseBase | None
REFUSAL = "_refusal"
"""Where a request keeps what a service refused, for the page that tells it."""
MODERATES = "_moderates"
"""Where a request keeps whether its reader moderates anything, since a page asks many times."""
MOST_AT_ONCE = 200
"""Rows that one confirmed action may change."""


SEEN = "seen_"
"""Before a row's key: the field of the question that holds the version it showed."""


class Read(NamedTuple):
    """A version of a row, and what a reader of it reads, line by line."""

    version: int
    lines: Sequence[str]


def told(error: ServiceError) -> str:
    """Why a service did not do it, in the reader's language."""
    language = get_language() or "zh-hans"
    if isinstance(error, Refused):
        return text_of(error.reason, language, dict(error.facts))
    if isinstance(error, Invalid):
        texts = (
            text_of(reason, language, error.facts.get(name)) if isinstance(reason, Reason) else str(reason)
            for name, reason in error.fields.items()
        )
        return " ".join(texts)
    return _("Somebody changed this meanwhile. Open it again and repeat your change.")


def refusing(form: type[Any], error: ServiceError) -> Callable[[Any], Any]:
    """The ``clean`` of ``form`` that adds what a service found wrong, at its fields where they are named."""

    def clean(self: Any) -> Any:
        cleaned = form.clean(self)
        named = error.fields.keys() & self.fields.keys() if isinstance(error, Invalid) else ()
        for name in named or (None,):
            self.add_error(name, told(error))
        return cleaned

    return clean


def actor_of(request: HttpRequest) -> User:
    """Who acts; the administration has no visitors."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class ReasonForm(forms.Form):
    """Why an act is done: one of the register's reasons where the act needs one, and a note."""

    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, reasons: Sequence[Reason], note_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        if reasons:
            choices = [(reason.value, text_of(reason, language)) for reason in reasons]
            self.fields["reason"] = forms.ChoiceField(label=gettext_lazy("Reason"), choices=choices)
            self.order_fields(["reason", "note"])
        self.fields["note"].required = note_required


class PlatformAdmin(CheapList):
    """Seen by platform administrators; rows are read here and changed by services, through confirmed actions."""

    def may_open(self, request: HttpRequest) -> bool:
        """Whether the reader sees this list at all."""
        return is_platform_admin(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the area stands on the reader's first page."""
        return self.may_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may open the list, for the rows that ``get_queryset`` gives them."""
        return self.may_open(request) and (obj is None or self.is_within_reach(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody, unless an area says so."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody, unless an area says so."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: rows end by acts that are recorded."""
        return False

    def is_within_reach(self, request: HttpRequest, obj: Model) -> bool:
        """Whether the row is one of those that the reader may see."""
        return bool(self.get_queryset(request).filter(pk=obj.pk).exists())

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of a row; what a service refuses is told in the form, which keeps what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, Invalid, Stale) as error:
            setattr(request, REFUSAL, error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; once a service refused what it holds, that is one of its errors."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        error = getattr(request, REFUSAL, None)
        return form if error is None else type(form.__name__, (form,), {"clean": refusing(form, error)})

    def to_be_read(self, rows: Iterable[Any]) -> Mapping[int, Read]:
        """What the question shows of rows whose decision is tied to the version that was read, by their keys."""
        return {}

    def version_read(self, request: HttpRequest, row: Any) -> int | None:
        """The version of ``row`` that the question showed; 0, which none has, where it says none."""
        return key_of(request.POST.get(f"{SEEN}{row.pk}", ""))

    def confirmed(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        act: Callable[[Any, Reason | None, str], object],
        *,
        title: str,
        reasons: Sequence[Reason] = (),
        note_required: bool = False,
    ) -> Answer:
        """Ask for a yes and, where there are some, a reason; then do ``act`` for each row and tell what came of it.

        Rows that changed since the question showed them are shown, and asked about, again.
        """
        chosen = list(rows[:MOST_AT_ONCE])
        is_answered = "confirmed" in request.POST
        form = ReasonForm(request.POST if is_answered else None, reasons=reasons, note_required=note_required)
        if not (is_answered and form.is_valid()):
            return self.question(request, chosen, form, title)
        done, changed = 0, []
        for row in chosen:
            try:
                act(row, Reason(form.cleaned_data["reason"]) if reasons else None, form.cleaned_data["note"])
                done += 1
            except Stale:
                changed.append(row)
            except (Refused, Invalid) as error:
                self.message_user(request, f"{row}: {told(error)}", messages.ERROR)
        if done:
            text = ngettext("Done for {count} row.", "Done for {count} rows.", done).format(count=done)
            self.message_user(request, text, messages.SUCCESS)
        if not changed:
            return None
        text = _("What is listed here was changed after you had read it. Read it again; nothing of it was decided.")
        self.message_user(request, text, messages.WARNING)
        return self.question(request, changed, form, title)

    def question(self, request: HttpRequest, rows: Iterable[Any], form: forms.Form, title: str) -> TemplateResponse:
        """The page that asks before an action is done."""
        rows = list(rows)
        read = self.to_be_read(rows)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "lines": [(row, read.get(row.pk)) for row in rows],
            "seen": SEEN,
            "form": form,
            "opts": self.model._meta,
            "action": request.POST.get("action", ""),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)


class Moderated(PlatformAdmin):
    """What moderators look at too, platform administrators, coordinators and administrators of parks alike; which rows
    each of them reaches, ``get_queryset`` says.
    """

    def may_open(self, request: HttpRequest) -> bool:
        """Whoever moderates anything."""
        if not hasattr(request, MODERATES):
            if request.method in ("GET", "HEAD"):
                setattr(request.user, HELD_SCOPES, review_scopes(request.user))
            setattr(request, MODERATES, is_moderator(request.user))
        return bool(getattr(request, MODERATES))


class LooksRecorded(PlatformAdmin):
    """Rows that are a firm's own business: whoever of the platform opens one is written down."""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a row, after the look at it was recorded."""
        if context.get("original") is not None:
            record_look(thing=context["original"], actor=actor_of(request))
        return super().render_change_form(request, context, *args, **kwargs)


class WithHistory(SimpleHistoryAdmin):
    """Shows earlier versions of the rows within the reader's reach, and of no others; nothing is put back by hand."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All versions of one row."""
        self.require_reach(request, object_id)
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """One version, to be read."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        self.require_reach(request, object_id)
        answer: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return answer

    def require_reach(self, request: HttpRequest, object_id: str) -> None:
        """404 for a row that the reader may not see, as for one that is none."""
        if not self.get_queryset(request).filter(pk=key_of(object_id)).exists():
            raise Http404
