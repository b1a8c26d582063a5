"""The one-page form: new, edited, saved by itself, published; nothing typed is ever lost.

A new form brings the number of the posting that it will become, so that everything it sends reaches the same one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from common.errors import Invalid, Refused, Stale, require
from common.models import CROCKFORD, random_key
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.postings.choices import Direction, Status, Visibility, usual_subject
from matchmaking.postings.permissions import can_edit_posting, can_write_posting
from matchmaking.postings.queries.postings import (
    contact_of,
    is_unit_unusual,
    postings_of_member,
    required_certificates,
    technical_parameters,
)
from matchmaking.postings.services.content import problems_before_publication
from matchmaking.postings.services.drafting import save_draft
from reference.queries.measures import certifications_in_use, closest_first, parameters_in_use, units_in_use
from reference.queries.picker import matches_named
from reference.queries.regions import regions_in_use, tiles
from web.access import (
    acting_enterprise,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
    way_back,
)
from web.forms.postings import PostingForm, differences, initial_of, place_of
from web.views.postings.acts import told_publication
from web.views.postings.filling import filled_in
from web.views.postings.presets import mirrored, sent_back, with_preset

CONTACT = ("contact_person", "contact_phone", "contact_email", "contact_other")
SECTIONS = (
    ("what", ("title", "node_words", "node", "further_nodes", "subject", "text")),
    (
        "quantity",
        ("quantity", "unit", "period", "window_start", "window_end", "minimum_order", "minimum_share_percent"),
    ),
    ("where", ("region", "region_preference", "radius_km", "regions_allowed")),
    ("papers", ("certificates", "parameters")),
    ("price", ("price_kind", "price_min", "price_max", "consortium_allowed")),
    ("who", ("visibility", "network_first_days", "hidden_from", *CONTACT)),
)
NEEDED = {"what": ("title", "subject"), "quantity": ("quantity", "unit"), "where": ("region",)}
KEY = re.compile(rf"[{CROCKFORD}]{{10}}")
PUBLISHING = ("publish", "lift", "check")
"""Presses that publish: as it is, with contact data moved away, or through a moderator since it is none."""


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def new_need(request: HttpRequest) -> HttpResponse:
    """Begin a need."""
    return begun(request, Direction.NEED)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def new_capacity(request: HttpRequest) -> HttpResponse:
    """Begin a capacity."""
    return begun(request, Direction.CAPACITY)


def begun(request: HttpRequest, direction: Direction) -> HttpResponse:
    """A new posting; once saved by itself, the form carries its number and goes on with that draft."""
    enterprise = acting_enterprise(request)
    if enterprise is None:
        raise Refused(Reason.REFUSAL_NO_ENTERPRISE)
    require(can_write_posting(request.user, enterprise))
    given = request.POST if request.method == "POST" else request.GET
    number = normalise_code(given.get("number", ""))
    if number and request.method == "POST" and not KEY.fullmatch(number):
        raise Http404
    posting = postings_of_member(user=request.user).filter(number=number).first() if number else None
    if request.method == "POST":
        return received(request, Direction(posting.direction) if posting else direction, posting, number)
    if posting:
        is_draft = posting.status == Status.DRAFT
        return redirect("web:postings:edit" if is_draft else "web:postings:posting", number=number)
    initial: dict[str, Any] = {
        "region": enterprise.region.code,
        "visibility": Visibility.NAMED,
        "period": "month",
        "answer_within_working_days": "2",
    }
    named = matches_named([normalise_code(request.GET.get("node", ""))])
    if named:
        initial |= {
            "node": named[0].code,
            "node_words": named[0].name,
            "subject": usual_subject(named[0].code),
        }
    if request.GET.get("mirror"):
        initial |= mirrored(request, normalise_code(request.GET["mirror"]))
    return shown_form(request, direction, PostingForm(initial=initial), None)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Go on with a draft, or change what is published."""
    posting = get_object_or_404(postings_of_member(user=request.user), number=number)
    direction = Direction(posting.direction)
    if request.method == "POST":
        return sent_back(request, received(request, direction, posting, posting.number))
    require(can_edit_posting(request.user, posting))
    initial = with_preset(request, kept_initial(request, posting))
    return shown_form(request, direction, PostingForm(initial=initial), posting)


def kept_initial(request: HttpRequest, posting: Any) -> dict[str, Any]:
    """The posting as its form shows it."""
    papers, parameters = required_certificates(posting), technical_parameters(posting)
    return initial_of(posting, papers, parameters, contact_of(user=request.user, posting=posting))


def received(request: HttpRequest, direction: Direction, posting: Any, number: str) -> HttpResponse:
    """What was sent: saved by itself, saved, or published."""
    form = PostingForm(request.POST)
    act = request.POST.get("act", "save")
    if act == "autosave":
        return saved_by_itself(request, direction, posting, form, number)
    if act == "fill":
        return shown_form(request, direction, posting=posting, **filled_in(request))
    try:
        saved, sound = saved_strictly(request, direction, posting, form, number)
        if act in PUBLISHING and not sound:
            name_all_problems(request, form)
    except Stale as stale:
        return told_stale(request, direction, number, form, stale)
    except Refused as refusal:
        return told_refusal(request, direction, posting, form, refusal)
    if not sound:
        if saved is not None and saved.status == Status.DRAFT:
            messages.warning(
                request, gettext("The draft is kept as typed. Put right what is marked before you publish.")
            )
        return shown_form(request, direction, form, saved or posting, status=422)
    if act in PUBLISHING and saved.status == Status.DRAFT:
        return published(request, direction, saved, form)
    if act == "publish":
        return told_published(request, direction, saved.number)
    warn_about_unit(request, saved)
    if saved.status == Status.IN_REVIEW:
        messages.warning(request, gettext("Saved. A moderator looks at it first; until then nobody else sees it."))
    else:
        messages.success(request, gettext("Saved."))
    is_draft = saved.status == Status.DRAFT
    return redirect("web:postings:edit" if is_draft else page_of(direction), number=saved.number)


def told_refusal(
    request: HttpRequest, direction: Direction, posting: Any, form: PostingForm, refusal: Refused
) -> HttpResponse:
    """Contact data can be moved from here, what was published before is shown; every other refusal goes on."""
    if refusal.reason == Reason.REFUSAL_CONTACT_IN_TEXT:
        return told_contact(request, direction, posting, form)
    if refusal.reason == Reason.REFUSAL_NOT_YOURS and posting is None:
        raise Http404
    if refusal.reason == Reason.REFUSAL_WRONG_STATE and request.POST.get("act") == "publish" and posting:
        return told_published(request, direction, posting.number)
    raise refusal


def told_published(request: HttpRequest, direction: Direction, number: str) -> HttpResponse:
    """The page of a posting that had been published before: pressed twice, or from a page gone back to."""
    messages.info(request, gettext("This posting had been published already. Here it is."))
    return redirect(page_of(direction), number=number)


def page_of(direction: Direction) -> str:
    """The name of the page that shows a posting of this direction."""
    return "web:postings:need" if direction == Direction.NEED else "web:postings:capacity"


def seen_version(request: HttpRequest, posting: Any) -> int | None:
    """The version that the form was made from; a form without one counts as having seen none of a changed posting."""
    if posting is None:
        return None
    text = request.POST.get("seen_version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def sender(request: HttpRequest, direction: Direction, posting: Any, number: str) -> dict[str, Any]:
    """Who saves which posting from which form, as the service takes it."""
    form_key = request.POST.get("form_key", "")
    return {
        "actor": signed_in_user(request),
        "posting": posting,
        "enterprise": acting_enterprise(request),
        "direction": direction,
        "number": number,
        "form_key": form_key if KEY.fullmatch(form_key) else "",
        "seen_version": seen_version(request, posting),
    }


def saved_strictly(
    request: HttpRequest, direction: Direction, posting: Any, form: PostingForm, number: str
) -> tuple[Any, bool]:
    """(the posting, whether everything could be read and fits); a draft is kept as typed even when it does not fit."""
    keep = sender(request, direction, posting, number) | {"lift_contact": request.POST.get("act") == "lift"}
    problem: Invalid | None = None
    if form.is_valid():
        try:
            return save_draft(values=form.values, **keep), True
        except Invalid as error:
            problem = error
    saved = None
    if posting is None or posting.status == Status.DRAFT:
        saved = save_draft(values=form.values, typed=form.typed, **keep)
    if problem:
        form.refuse(problem.fields, problem.facts)
    else:
        form.refuse({}, {})
    return saved, False


def name_all_problems(request: HttpRequest, form: PostingForm) -> None:
    """Beside what could not be read, also everything else that stands between the form and publication."""
    content = problems_before_publication(
        form.values, typed=form.typed, on=timezone.localdate(), enterprise=required_enterprise(request)
    )
    told = {*form.errors, *form.apart}
    fresh = {name: reason for name, reason in content.problems.items() if place_of(name) not in told}
    form.refuse(fresh, content.facts)


def saved_by_itself(
    request: HttpRequest, direction: Direction, posting: Any, form: PostingForm, number: str
) -> HttpResponse:
    """A draft kept while its writer goes on typing; answers with the time and the new version.

    What the same form sent earlier and arrives late is left aside: the newer words stand, the answer tells the version.
    """
    if posting is not None and posting.status != Status.DRAFT:
        return HttpResponse(status=204)
    if posting is None and not any(request.POST.get(name) for name in ("title", "text", "node_words", "quantity")):
        return HttpResponse(status=204)
    told = sender(request, direction, posting, number)
    form_key = told.pop("form_key")
    is_late = posting is not None and form_key and form_key == posting.last_form
    try:
        if is_late and told["seen_version"] != posting.version:
            saved = posting
        else:
            saved = save_draft(values=form.values, typed=form.typed, form_key=form_key, **told)
    except Stale:
        return render(request, "postings/_stale_saved.html", {"posting": posting}, status=409)
    except Refused as refusal:
        return told_refusal(request, direction, posting, form, refusal)
    response = render(
        request, "postings/_saved.html", {"posting": saved, "saved_at": timezone.localtime(saved.changed_at)}
    )
    response["HX-Replace-Url"] = reverse("web:postings:edit", args=[saved.number])
    return response


def published(request: HttpRequest, direction: Direction, posting: Any, form: PostingForm) -> HttpResponse:
    """Publish a saved draft and go to its page with the suggestions; what is missing is shown in the form."""
    try:
        ask_check = request.POST.get("act") == "check"
        shown = publish_and_suggest(posting=posting, actor=signed_in_user(request), ask_check=ask_check)
    except Invalid as problem:
        form.refuse(problem.fields, problem.facts)
        name_all_problems(request, form)
        return shown_form(request, direction, form, posting, status=422)
    except Refused as refusal:
        return told_refusal(request, direction, posting, form, refusal)
    warn_about_unit(request, shown)
    if shown.status == Status.IN_REVIEW:
        messages.info(request, gettext("Kept. A moderator looks at it first; this page says why and how it stands."))
    else:
        messages.success(request, told_publication(request, shown))
    return redirect(page_of(direction), number=shown.number)


def warn_about_unit(request: HttpRequest, posting: Any) -> None:
    """Say, without refusing, that the node is usually counted in another kind of unit."""
    if is_unit_unusual(posting):
        messages.warning(
            request,
            gettext("%(node)s is usually counted in another kind of unit than %(unit)s; counterparts may not compare.")
            % {"node": posting.node.name, "unit": posting.unit.name},
        )


def told_contact(request: HttpRequest, direction: Direction, posting: Any, form: PostingForm) -> HttpResponse:
    """The form again with all that is wrong, and the one press that moves contact data to its protected place."""
    name_all_problems(request, form)
    if not form.holds_contact:
        form.refuse({"text": Reason.REFUSAL_CONTACT_IN_TEXT}, {})
    return shown_form(request, direction, form, posting, status=409)


def told_stale(
    request: HttpRequest, direction: Direction, number: str, form: PostingForm, stale: Stale
) -> HttpResponse:
    """Both texts side by side: what was typed stays in the form, what somebody else saved stands beside it."""
    current = postings_of_member(user=request.user).filter(number=number).first()
    if current is None:
        raise Http404
    differing = differences(form, kept_initial(request, current))
    return shown_form(request, direction, form, current, status=409, extra={"differing": differing, "stale": stale})


def shown_form(
    request: HttpRequest,
    direction: Direction,
    form: PostingForm,
    posting: Any,
    *,
    status: int = 200,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The form's page."""
    enterprise = posting.enterprise if posting else acting_enterprise(request)
    context = {
        "form": form,
        "form_key": kept_key(request, "form_key"),
        "number": posting.number if posting else kept_key(request, "number"),
        "posting": posting,
        "direction": direction,
        "is_need": direction == Direction.NEED,
        "is_draft": posting is None or posting.status == Status.DRAFT,
        "back": way_back(request),
        "action": reverse("web:postings:edit", args=[posting.number]) if posting else request.path,
        "enterprise": enterprise,
        "sections": sections(form),
        "may_lift": form.holds_contact,
        **offers(form),
        **(extra or {}),
    }
    return render(request, "postings/form.html", context, status=status)


def kept_key(request: HttpRequest, name: str) -> str:
    """The key that the form or its address brought, else a new one."""
    given = request.POST.get(name) or request.GET.get(name, "")
    return given if KEY.fullmatch(given) else random_key()


def sections(form: PostingForm) -> dict[str, str]:
    """For each section of the page: bad where something is wrong, done where all that is needed is there, else todo."""
    wrong = {*form.errors, *form.apart} if form.is_bound else set()
    states = {}
    for name, fields in SECTIONS:
        needed = [form[field].value() for field in NEEDED.get(name, ())]
        states[name] = "bad" if wrong & set(fields) else "done" if needed and all(needed) else "todo"
    return states


def offers(form: PostingForm) -> dict[str, Any]:
    """The lists that the form chooses from; what is usual for the chosen node stands first."""
    code = str(form["node"].value() or "")
    today = timezone.localdate()
    units, papers = list(units_in_use()), list(certifications_in_use())
    parameters = list(parameters_in_use())
    return {
        "usual_units": (usual_units := chosen_first(units, code)),
        "other_units": [unit for unit in units if unit not in usual_units],
        "usual_papers": (usual_papers := chosen_first(papers, code)),
        "other_papers": [paper for paper in papers if paper not in usual_papers],
        "parameter_choices": [*(near := chosen_first(parameters, code)), *(p for p in parameters if p not in near)],
        "regions": list(regions_in_use(today)),
        "tiles": list(tiles(today)),
        "asked_musts": form.chosen("certificates_must"),
        "asked_wishes": form.chosen("certificates_wish"),
        "listed_regions": form.chosen("regions_allowed"),
    }


def chosen_first(rows: Iterable[Any], code: str) -> list[Any]:
    """The rows that are usual for the node with this code, closest first; none before a node is chosen."""
    return closest_first(rows, code) if code else []
