"""Postings as their owners write them: begun, saved again and again, copied, thrown away."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, Refused, Stale, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting, PostingCertificate, PostingContact, PostingParameter
from matchmaking.postings.permissions import (
    can_copy_posting,
    can_delete_draft,
    can_edit_posting,
    can_write_posting,
)
from matchmaking.postings.queries.months import most_agreed
from matchmaking.postings.services.contacts import keep_contact, without_contact
from matchmaking.postings.services.content import AMOUNT_FIELDS, Content, check_for_readers, checked_content
from matchmaking.postings.services.flags import contact_flag, flags_not_passed
from matchmaking.postings.services.moving import enqueue, hold

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLAIN_COLUMNS = (
    "direction",
    "hidden_from_typed",
    "subject",
    "title",
    "text",
    "language",
    "site_id",
    "node_id",
    "region_id",
    "quantity_amount",
    "unit_id",
    "period",
    "window_start",
    "window_end",
    "lead_time_days",
    "minimum_order_amount",
    "minimum_share_percent",
    "region_preference",
    "radius_km",
    "price_kind",
    "price_min",
    "price_max",
    "price_currency",
    "consortium_allowed",
    "visibility",
    "answer_within_working_days",
    "network_first_days",
    "external_key",
    "product_identifier",
    "unread_texts",
)
"""What the owner writes; the rest of the row is the platform's."""
UNREAD_BY_OTHERS = frozenset(
    (
        "contact",
        "hidden_from",
        "hidden_from_typed",
        "external_key",
        "unread_texts",
        "answer_within_working_days",
        "network_first_days",
    )
)
"""What the owner writes and no other firm judges the posting by."""
NOT_COPIED = ("external_key", "product_identifier", "unread_texts", "window_start", "window_end")
EMPTY_TEXT = ("subject", "title", "text", "external_key", "product_identifier")


@unit_of_work
def save_draft(
    *,
    actor: User,
    values: Mapping[str, Any],
    posting: Posting | None = None,
    enterprise: Enterprise | None = None,
    direction: Direction | None = None,
    number: str = "",
    form_key: str = "",
    seen_version: int | None = None,
    typed: Mapping[str, Any] | None = None,
    lift_contact: bool = False,
) -> Posting:
    """Begin a posting, or change one: only the fields in ``values`` change (see ``checked_content`` for their names).

    A new one needs ``enterprise`` and ``direction``; with a ``number`` made beforehand the same one is begun only once,
    and whoever comes later changes it. ``form_key`` names the opened form that sends this: its own earlier words do
    not make it stale. ``typed`` (drafts only) holds the fields as they were typed: what does not fit is kept there
    instead of being refused, so that nothing is lost. ``lift_contact`` moves contact data from title and text to the
    protected contact. A posting that others may see must stay complete and free of contact data; new words in it that a
    rule flags take it out of sight until a moderator looked at them (``in_review``). Saving the same again changes
    nothing and is never stale. Raises Invalid, Stale when ``seen_version`` is not the present one, Refused
    (not_yours, suspended, wrong_state, contact_in_text).
    """
    told: dict[str, Any] = {"values": values, "typed": typed, "lift": lift_contact, "form_key": form_key}
    told |= {"actor": actor}
    if posting is None:
        if enterprise is None or direction is None:
            raise Invalid({"direction": Reason.REFUSAL_REQUIRED})
        require(can_write_posting(actor, enterprise))
        try:
            with transaction.atomic():
                return _begin(enterprise=enterprise, direction=direction, number=number, seen=seen_version, **told)
        except IntegrityError:
            posting = Posting.objects.filter(number=number).first() if number else None
            if posting is None:
                raise
            seen_version = seen_version or 0
    return _change(posting=posting, seen=seen_version, **told)


def _begin(
    *, actor: User, enterprise: Enterprise, direction: Direction, number: str, seen: int | None, **told: Any
) -> Posting:
    begun = Posting.objects.filter(number=number).first() if number else None
    if begun is not None:
        return _change(posting=begun, actor=actor, seen=seen or 0, **told)
    row = Posting(enterprise=enterprise, direction=direction, created_by=actor, is_sample=enterprise.is_sample)
    row.number = number or row.number
    return _saved(row, actor=actor, **told)


def _change(*, posting: Posting, actor: User, seen: int | None, form_key: str, **told: Any) -> Posting:
    row = locked(posting)
    require(can_edit_posting(actor, row))
    current = row.version
    if seen in (None, current) or (form_key and form_key == row.last_form):
        return _saved(row, actor=actor, form_key=form_key, **told)
    stale = Stale(seen=seen or 0, current=current)
    try:
        saved = _saved(row, actor=actor, form_key=form_key, **told)
    except (Invalid, Refused) as error:
        raise stale from error
    if saved.version != current:
        raise stale
    return saved


def _saved(
    row: Posting,
    *,
    actor: User,
    values: Mapping[str, Any],
    typed: Mapping[str, Any] | None,
    lift: bool,
    form_key: str,
) -> Posting:
    content = checked_content(values, on=timezone.localdate(), enterprise=row.enterprise)
    lenient = typed is not None and row.status == Status.DRAFT
    if not lenient:
        content.require_sound()
    before = written(row) if row.pk else None
    row.last_form = row.last_form if before else form_key
    _write(row, content, typed if lenient else None, set(values))
    _write_parts(row, content)
    if lift:
        _lift(row)
    if row.status != Status.DRAFT:
        check_for_readers(row, timezone.localdate())
    return _looked_at(_noted(row, before, actor, form_key), before, actor)


LOOKED_AT = ("title", "text", "subject")
"""Columns on which the rules of moderation rest."""


def _looked_at(row: Posting, before: dict[str, Any] | None, actor: User) -> Posting:
    """Hold what readers see once its new words fall under a rule; contact data are asked about instead."""
    if row.status == Status.DRAFT or before is None or all(before[name] == getattr(row, name) for name in LOOKED_AT):
        return row
    flags = flags_not_passed(row)
    if contact_flag(row.title, row.text) in flags:
        raise Refused(Reason.REFUSAL_CONTACT_IN_TEXT)
    if flags and row.status == Status.PUBLISHED:
        return hold(row=row, flags=flags, actor=actor)
    if flags and row.status == Status.IN_REVIEW:
        enqueue(row, flags)
    return row


def _noted(row: Posting, before: dict[str, Any] | None, actor: User, form_key: str) -> Posting:
    if before is None:
        record_change(thing=row, verb=Verb.CREATED, actor=actor, enterprise=row.enterprise)
        return row
    after = written(row)
    names = sorted(name for name in after if before[name] != after[name])
    if names:
        row.version += 1
        row.last_form = form_key
        if not UNREAD_BY_OTHERS.issuperset(names):
            row.content_changed_at = timezone.now()
        row.save(update_fields=["version", "last_form", "content_changed_at", "changed_at"])
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts={"fields": names})
    return row


def locked(posting: Posting) -> Posting:
    """The row as it is now, locked until the unit of work ends."""
    row: Posting = Posting.objects.select_for_update().get(pk=posting.pk)
    return row


def written(row: Posting) -> dict[str, Any]:
    """Everything that the owner wrote, for telling whether a save changes anything."""
    contact = PostingContact.objects.filter(posting=row).values_list("person", "phone", "email", "other").first()
    return {
        **{name: getattr(row, name) for name in PLAIN_COLUMNS},
        "certificates": sorted(row.required_certificates.values_list("certification_id", "is_must")),
        "parameters": sorted(
            row.parameters.values_list("parameter_id", "operator", "number", "level", "is_must"), key=str
        ),
        "further_nodes": sorted(row.further_nodes.values_list("pk", flat=True)),
        "regions_allowed": sorted(row.regions_allowed.values_list("pk", flat=True)),
        "hidden_from": sorted(row.hidden_from.values_list("pk", flat=True)),
        "contact": contact or ("", "", "", ""),
    }


def _write(row: Posting, content: Content, typed: Mapping[str, Any] | None, given: set[str]) -> None:
    measure = (row.unit_id, row.period)
    first = row.network_first_days
    if row.published_at and content.columns.get("network_first_days", first) != first:
        raise Invalid({"network_first_days": Reason.REFUSAL_NETWORK_SET})
    for name, value in content.columns.items():
        setattr(row, name, value)
    agreed = most_agreed(row)
    if agreed > 0 and (row.unit_id, row.period) != measure:
        raise Invalid({"unit": Reason.REFUSAL_BOOKED_MEASURE})
    if typed is not None:
        kept = {name: typed[name] for name in typed if name in content.problems or name not in given}
        for name in content.problems:
            column = AMOUNT_FIELDS[name][0] if name in AMOUNT_FIELDS else name
            if column in PLAIN_COLUMNS or f"{column}_id" in PLAIN_COLUMNS:
                setattr(row, column, "" if column in EMPTY_TEXT else None)
        row.unread_texts = {name: storable(value) for name, value in kept.items() if value not in ("", None, [], {})}
    else:
        told = given | ({"node_words"} if "node" in given else set())
        row.unread_texts = {name: value for name, value in row.unread_texts.items() if name not in told}
    row.language = language_of(f"{row.title}{row.text}", row.language)
    if row.quantity_amount is not None and row.quantity_amount < agreed:
        raise Invalid({"quantity": Reason.REFUSAL_BELOW_AGREED}, {"quantity": {"amount": agreed}})
    if row.window_start and row.window_end and row.window_end < row.window_start:
        raise Invalid({"window_end": Reason.REFUSAL_WINDOW_REVERSED})
    if row.price_min is not None and row.price_max is not None and row.price_max < row.price_min:
        raise Invalid({"price_max": Reason.REFUSAL_BAND_REVERSED})
    same_number = Posting.objects.filter(enterprise=row.enterprise_id, external_key=row.external_key)
    if row.external_key and same_number.exclude(pk=row.pk).exists():
        raise Invalid({"external_key": Reason.REFUSAL_ALREADY_THERE})
    try:
        row.full_clean(exclude=["subject", "title", "number"])
    except ValidationError as error:
        raise Invalid({name: " ".join(told) for name, told in error.message_dict.items()}) from error
    row.save()


def storable(value: Any) -> Any:
    """What was typed, lists and rows too, without signs that cannot be seen: PostgreSQL stores no zero sign."""
    if isinstance(value, str):
        return normalise_text(value)
    if isinstance(value, list):
        return [storable(one) for one in value]
    return {name: storable(one) for name, one in value.items()} if isinstance(value, dict) else value


def language_of(text: str, otherwise: str) -> str:
    """The language that ``text`` is written in: Chinese as soon as one Chinese character stands in it."""
    if not text.strip():
        return otherwise
    return "zh-hans" if CHINESE.search(text) else "en"


def _write_parts(row: Posting, content: Content) -> None:
    if content.certificates is not None and "certificates" not in content.problems:
        wanted = {paper.pk: must for paper, must in content.certificates}
        if wanted != dict(row.required_certificates.values_list("certification_id", "is_must")):
            row.required_certificates.all().delete()
            PostingCertificate.objects.bulk_create(
                PostingCertificate(posting=row, certification=paper, is_must=must)
                for paper, must in content.certificates
            )
    if content.parameters is not None and "parameters" not in content.problems:
        row.parameters.all().delete()
        PostingParameter.objects.bulk_create(PostingParameter(posting=row, **part) for part in content.parameters)
    for name in ("further_nodes", "regions_allowed", "hidden_from"):
        wanted_rows = getattr(content, name)
        if wanted_rows is not None and name not in content.problems:
            getattr(row, name).set(wanted_rows)
    if any(content.contact.values()) or (content.contact and hasattr(row, "contact")):
        contact, _made = PostingContact.objects.get_or_create(posting=row)
        for name, value in content.contact.items():
            setattr(contact, name, value)
        try:
            contact.full_clean()
        except ValidationError as error:
            raise Invalid({f"contact_{name}": " ".join(told) for name, told in error.message_dict.items()}) from error
        contact.save()


def _lift(row: Posting) -> None:
    title, in_title = without_contact(row.title)
    text, in_text = without_contact(row.text)
    if in_title or in_text:
        row.title, row.text = title, text
        row.save()
        keep_contact(row, in_title)
        keep_contact(row, in_text)


@unit_of_work
def lift_contact(*, posting: Posting, actor: User) -> Posting:
    """Move contact data from title and text of a posting to its protected contact, shown only after consent."""
    return save_draft(actor=actor, posting=posting, values={}, lift_contact=True)


@unit_of_work
def copy_posting(*, posting: Posting, actor: User) -> Posting:
    """A new draft that says the same, without window, own number and all that happened since. Refuses not_yours."""
    source = Posting.objects.get(pk=posting.pk)
    require(can_copy_posting(actor, source))
    columns = {name: getattr(source, name) for name in PLAIN_COLUMNS if name not in NOT_COPIED}
    copy = Posting(enterprise=source.enterprise, created_by=actor, is_sample=source.is_sample, **columns)
    copy.full_clean(exclude=["subject", "title"])
    copy.save()
    PostingCertificate.objects.bulk_create(
        PostingCertificate(posting=copy, certification_id=paper, is_must=must)
        for paper, must in source.required_certificates.values_list("certification_id", "is_must")
    )
    PostingParameter.objects.bulk_create(
        PostingParameter(posting=copy, **part)
        for part in source.parameters.values("parameter_id", "operator", "number", "level", "is_must")
    )
    for name in ("further_nodes", "regions_allowed", "hidden_from"):
        getattr(copy, name).set(getattr(source, name).all())
    contact = PostingContact.objects.filter(posting=source).values("person", "phone", "email", "other").first()
    if contact:
        PostingContact.objects.create(posting=copy, **contact)
    record_change(
        thing=copy, verb=Verb.CREATED, actor=actor, enterprise=copy.enterprise, facts={"copied_from": source.number}
    )
    return copy


@unit_of_work
def delete_draft(*, posting: Posting, actor: User) -> None:
    """Throw away a draft with all its parts. Refuses wrong_state once others have seen it, and not_yours."""
    row = locked(posting)
    require(can_delete_draft(actor, row))
    record_change(thing=row, verb=Verb.DELETED, actor=actor, enterprise=row.enterprise)
    row.delete()
