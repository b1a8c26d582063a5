"""Files in the administration: rows of a list taken away, and rows brought in after a rehearsal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.base import PlatformAdmin, actor_of, told
from accounts.imports.reading import MOST_BYTES, MOST_ROWS, read_file
from accounts.imports.sheets import Outcome, Sheet, Unwritten
from accounts.imports.waiting import Brought, brought, forget, keep, rejected_rows
from accounts.imports.writing import KINDS, as_file
from accounts.querysets import is_platform_admin
from accounts.services.looks import record_export
from common.errors import Invalid, Refused

MOST_EXPORTED = 10_000
"""Rows that one file may hold; more take too long to write while somebody waits."""
MOST_SHOWN = 1_000
"""Problems that the page of a rehearsal lists; the file of the rejected rows holds them all."""
TEMPLATE_KIND = "template"


class FileForm(forms.Form):
    """The file that somebody brings."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"})
    )


class WithExport(PlatformAdmin):
    """Lets readers take the rows of the list, as filtered, away as a file."""

    sheet: type[Sheet]
    offers_import = False

    def address(self, name: str, *args: Any) -> str:
        """The address of this list's page called ``name``."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def get_urls(self) -> list[Any]:
        """The export besides the usual pages."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:kind>/", view, name=f"{prefix}_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the ways to its files."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        exports = [(kind.upper(), f"{self.address('export', kind)}{query}") for kind in KINDS]
        tools: dict[str, Any] = {"exports": exports}
        if self.offers_import and self.may_import(request):
            tools["import"] = self.address("import")
        answer: HttpResponse = super().changelist_view(request, {"file_tools": tools, **(extra_context or {})})
        return answer

    def may_import(self, request: HttpRequest) -> bool:
        """Whether the reader may bring rows; nobody where a list only gives."""
        return False

    def exported_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the list as it is filtered and searched, each with what its columns name."""
        shown: ChangeList = self.get_changelist_instance(request)
        rows = shown.get_queryset(request)
        names = [column.attribute.split("__")[0] for column in self.sheet.base_columns()]
        related = [name for name in names if name in relations_of(self.model)]
        return rows.select_related(*related) if related else rows

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The rows as a file, written down; the empty file with the heads for ``template``."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        sheet = self.sheet(actor=actor_of(request))
        if kind == TEMPLATE_KIND and self.offers_import:
            return attachment("xlsx", f"{self.opts.model_name}-template", as_file("xlsx", sheet.import_head(), []))
        if kind not in KINDS:
            raise Http404
        try:
            rows = self.exported_rows(request)
        except IncorrectLookupParameters:
            return redirect(self.address("changelist"))
        found = list(rows[: MOST_EXPORTED + 1])
        if len(found) > MOST_EXPORTED:
            told_limit = _("The list holds more than {limit} rows. Filter it, then export.").format(limit=MOST_EXPORTED)
            self.message_user(request, told_limit, messages.ERROR)
            return redirect(f"{self.address('changelist')}?{request.GET.urlencode()}")
        record_export(
            actor=actor_of(request), listed=self.opts.label_lower, rows=len(found), filters=request.GET.urlencode()
        )
        content = as_file(kind, sheet.head(), sheet.cells_of(found))
        return attachment(kind, f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}", content)


class WithExchange(WithExport):
    """Lets people bring rows as a file too: nothing is written before they saw what it would do and said yes."""

    offers_import = True

    def may_import(self, request: HttpRequest) -> bool:
        """Platform administrators; an area may let others in."""
        return is_platform_admin(request.user)

    def get_urls(self) -> list[Any]:
        """Bringing a file, saying yes to it, and getting back what could not be taken."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "import/": ("import", self.import_view),
            "import/<slug:token>/": ("import_confirm", self.import_confirm_view),
            "import/<slug:token>/rejected/": ("import_rejected", self.import_rejected_view),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"{prefix}_{name}")
            for address, (name, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def require_import(self, request: HttpRequest) -> None:
        """403 for whoever may not bring rows."""
        if not (self.has_view_permission(request) and self.may_import(request)):
            raise PermissionDenied

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; rehearse it and show what it would do."""
        self.require_import(request)
        sheet = self.sheet(actor=actor_of(request))
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                given = form.cleaned_data["file"]
                content = given.read(MOST_BYTES + 1)
                file = read_file(content)
                outcome = sheet.rehearse(file)
            except (Invalid, Refused) as error:
                form.add_error("file", told(error))
            else:
                return self.rehearsed(request, outcome, self.keep(request, content, outcome), len(file.rows))
        context = {"form": form, "columns": sheet.import_columns(), "keys": sheet.key_columns(), "most": MOST_ROWS}
        context["template_address"] = self.address("export", TEMPLATE_KIND)
        return self.shown(request, "admin/import_file.html", _("Import rows from a file"), context)

    def import_confirm_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Write the good rows of the rehearsed file, all of them or none."""
        self.require_import(request)
        waiting = self.brought(request, token)
        if request.method != "POST":
            return redirect(self.address("import"))
        content = waiting.content
        file = read_file(content)
        try:
            outcome = self.sheet(actor=actor_of(request)).take_in(file, set(waiting.left_out))
        except Unwritten:
            self.message_user(request, _("Nothing was written: something changed meanwhile."), messages.ERROR)
            fresh = self.sheet(actor=actor_of(request)).rehearse(file)
            return self.rehearsed(request, fresh, self.keep(request, content, fresh), len(file.rows))
        forget(request.session, token)
        self.message_user(request, self.summary(outcome, len(waiting.left_out)), messages.SUCCESS)
        return redirect(self.address("changelist"))

    def import_rejected_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """The rows that cannot be taken, as they were brought, each with its reasons."""
        self.require_import(request)
        file = read_file(self.brought(request, token).content)
        outcome = self.sheet(actor=actor_of(request)).rehearse(file)
        content = as_file("xlsx", [*file.head, _("Row"), _("What is wrong")], rejected_rows(file, outcome))
        return attachment("xlsx", f"{self.opts.model_name}-rejected", content)

    def rehearsed(self, request: HttpRequest, outcome: Outcome, token: str, rows: int) -> HttpResponse:
        """The page that shows what a file would do and asks for a yes."""
        context = {
            "outcome": outcome,
            "problems": outcome.problems[:MOST_SHOWN],
            "rows": rows,
            "confirm_address": self.address("import_confirm", token),
            "rejected_address": self.address("import_rejected", token),
            "import_address": self.address("import"),
        }
        return self.shown(request, "admin/import_rehearsal.html", _("What this file would do"), context)

    def shown(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        """A page of this list."""
        usual = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**usual, **context})

    def summary(self, outcome: Outcome, left_out: int) -> str:
        """What an import did, in one line."""
        told_done = _("{created} created, {updated} updated, {unchanged} unchanged.").format(
            created=outcome.created, updated=outcome.updated, unchanged=outcome.unchanged
        )
        if not left_out:
            return told_done
        rest = ngettext("{count} row was left out.", "{count} rows were left out.", left_out).format(count=left_out)
        return f"{told_done} {rest}"

    def keep(self, request: HttpRequest, content: bytes, outcome: Outcome) -> str:
        """Keep a rehearsed file for its yes; the name in the address."""
        return keep(request.session, self.opts.label_lower, content, outcome.rows_with_problems)

    def brought(self, request: HttpRequest, token: str) -> Brought:
        """The file that this session brought to this list under ``token``. 404 for any other."""
        found = brought(request.session, self.opts.label_lower, token)
        if found is None:
            raise Http404
        return found


def relations_of(model: Any) -> set[str]:
    """Names of the columns that point to one other row."""
    return {field.name for field in model._meta.fields if field.is_relation}


def attachment(kind: str, name: str, content: bytes) -> HttpResponse:
    """A file to be saved; browsers keep no copy of it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=KINDS[kind], headers=headers)
