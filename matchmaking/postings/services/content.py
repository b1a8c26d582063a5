"""What a posting says, checked: codes become rows, texts are cleaned, and whatever does not fit is named by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from accounts.models import Enterprise
from accounts.queries import has_network
from common.errors import Invalid
from common.reasons import Reason
from common.values import MAX_AMOUNT, normalise_code, normalise_text
from matchmaking.postings.choices import (
    Operator,
    Period,
    PriceKind,
    RegionPreference,
    Subject,
    Visibility,
    usual_subject,
)
from matchmaking.postings.models import NETWORK_FIRST_MOST_DAYS, Posting
from matchmaking.postings.services.contacts import has_contact
from reference.choices import Comparison
from reference.models import Certification, ChainNode, Parameter, Region, Unit
from reference.queries.measures import certifications_in_use, parameters_in_use, unit_by_code, unit_from_text
from reference.queries.nodes import is_whole_chain, node_by_code, nodes_by_codes
from reference.queries.regions import region_or_successor, regions_in_use

TEXT_FIELDS = {"title": 120, "text": 8000, "external_key": 80, "product_identifier": 120}
CHOICE_FIELDS: dict[str, type[models.TextChoices]] = {
    "subject": Subject,
    "period": Period,
    "region_preference": RegionPreference,
    "price_kind": PriceKind,
    "visibility": Visibility,
}
AMOUNT_FIELDS = {
    "quantity": ("quantity_amount", Decimal("0.001")),
    "minimum_order": ("minimum_order_amount", Decimal("0.001")),
    "price_min": ("price_min", Decimal("0.0001")),
    "price_max": ("price_max", Decimal("0.0001")),
}
"""Field to column, and the smallest step that the column keeps."""
WHOLE_FIELDS = {
    "lead_time_days": (0, 3650),
    "minimum_share_percent": (1, 100),
    "radius_km": (1, 3000),
    "answer_within_working_days": (1, 30),
    "network_first_days": (1, NETWORK_FIRST_MOST_DAYS),
}
"""Smallest and largest whole number taken: days, percent, kilometres, working days."""
DAY_COUNTS = ("lead_time_days", "answer_within_working_days", "network_first_days")
DAY_FIELDS = ("window_start", "window_end")
CONTACT_FIELDS = {"contact_person": 80, "contact_phone": 40, "contact_email": 254, "contact_other": 200}
MOST_PARTS = 30
"""Most certificates, parameters, listed regions or hidden firms of one posting."""
MOST_REGIONS = 300
COMPULSORY = {
    "subject": "subject",
    "title": "title",
    "node": "node_id",
    "region": "region_id",
    "quantity": "quantity_amount",
    "unit": "unit_id",
}
"""What a posting cannot be published without, beside its direction: field to column."""


UNREAD = {
    **dict.fromkeys((*AMOUNT_FIELDS, *WHOLE_FIELDS, "parameters"), Reason.REFUSAL_NOT_A_NUMBER),
    **dict.fromkeys(DAY_COUNTS, Reason.REFUSAL_NOT_DAYS),
    **dict.fromkeys(DAY_FIELDS, Reason.REFUSAL_NOT_A_DAY),
    "contact_email": Reason.REFUSAL_NOT_A_MAIL,
}
"""What to say of a draft's field that could not be read."""


@dataclass
class Content:
    """Checked columns and parts of a posting; a part that is None was not given and stays as it is."""

    columns: dict[str, Any] = field(default_factory=dict)
    certificates: list[tuple[Certification, bool]] | None = None
    parameters: list[dict[str, Any]] | None = None
    further_nodes: list[ChainNode] | None = None
    regions_allowed: list[Region] | None = None
    hidden_from: list[Enterprise] | None = None
    contact: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Reason] = field(default_factory=dict)
    facts: dict[str, dict[str, object]] = field(default_factory=dict)

    def refuse(self, name: str, reason: Reason, **facts: object) -> None:
        """Note the first problem of a field; nothing of that field is taken over."""
        self.problems.setdefault(name, reason)
        self.facts.setdefault(name, facts)

    def require_sound(self) -> None:
        """Raise Invalid with every problem found."""
        if self.problems:
            raise Invalid(self.problems, self.facts)


def checked_content(values: Mapping[str, Any], *, on: date, enterprise: Enterprise) -> Content:
    """Everything known in ``values``, checked on that day; unknown names are left aside.

    Texts and codes are strings, amounts Decimals, days dates, ``certificates`` pairs (code, must), ``parameters``
    mappings with parameter, operator, value (text) and is_must; ``hidden_from`` credit codes, names or public keys.
    """
    content = Content()
    _take_texts(content, values)
    _take_choices(content, values)
    _take_numbers(content, values)
    _take_days(content, values)
    _take_places(content, values, on)
    _take_certificates(content, values)
    _take_parameters(content, values)
    if "hidden_from" in values:
        _take_hidden(content, values["hidden_from"], enterprise)
    return content


def _take_texts(content: Content, values: Mapping[str, Any]) -> None:
    for name, longest in (*TEXT_FIELDS.items(), *CONTACT_FIELDS.items()):
        if name not in values:
            continue
        text = normalise_text(str(values[name] or ""))
        if name != "text":
            text = " ".join(text.split())
        if len(text) > longest:
            content.refuse(name, Reason.REFUSAL_TOO_LONG, limit=longest)
        elif name == "contact_email" and text and not is_mail_address(text):
            content.refuse(name, Reason.REFUSAL_NOT_A_MAIL)
        elif name in CONTACT_FIELDS:
            content.contact[name.removeprefix("contact_")] = text
        else:
            content.columns[name] = text


def is_mail_address(text: str) -> bool:
    """Whether mail could be sent to ``text``."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _take_choices(content: Content, values: Mapping[str, Any]) -> None:
    for name, choices in CHOICE_FIELDS.items():
        if name in values:
            if values[name] in choices.values:
                content.columns[name] = values[name]
            elif values[name]:
                content.refuse(name, Reason.REFUSAL_UNKNOWN_CODE, code=str(values[name])[:40])
    if "consortium_allowed" in values:
        content.columns["consortium_allowed"] = bool(values["consortium_allowed"])


def _take_numbers(content: Content, values: Mapping[str, Any]) -> None:
    for name, (column, step) in AMOUNT_FIELDS.items():
        if name in values:
            _take_amount(content, name, column, step, values[name])
    for name, (least, most) in WHOLE_FIELDS.items():
        amount = values.get(name)
        if name not in values or (amount is None and name == "answer_within_working_days"):
            continue
        if amount is None:
            content.columns[name] = None
        elif Decimal(amount) % 1:
            content.refuse(name, UNREAD[name])
        elif amount < least:
            content.refuse(name, Reason.REFUSAL_NOT_POSITIVE)
        elif amount > most:
            content.refuse(name, Reason.REFUSAL_LIMIT_REACHED, limit=most)
        else:
            content.columns[name] = int(amount)
    low, high = content.columns.get("price_min"), content.columns.get("price_max")
    if low is not None and high is not None and high < low:
        content.refuse("price_max", Reason.REFUSAL_BAND_REVERSED)


def _take_amount(content: Content, name: str, column: str, step: Decimal, amount: Decimal | None) -> None:
    if amount is None:
        content.columns[column] = None
        return
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        content.refuse(name, Reason.REFUSAL_TOO_LARGE)
        return
    rounded = amount.quantize(step, rounding=ROUND_HALF_UP)
    if rounded <= 0:
        content.refuse(name, Reason.REFUSAL_NOT_POSITIVE)
    else:
        content.columns[column] = rounded


def _take_days(content: Content, values: Mapping[str, Any]) -> None:
    content.columns.update({name: values[name] for name in DAY_FIELDS if name in values})
    start, end = (content.columns.get(name) for name in DAY_FIELDS)
    if start and end and end < start:
        content.refuse("window_end", Reason.REFUSAL_WINDOW_REVERSED, start=start.isoformat())


def _take_places(content: Content, values: Mapping[str, Any], on: date) -> None:
    if "node" in values:
        content.columns["node"] = _node(content, "node", values["node"])
    if "unit" in values:
        content.columns["unit"] = _unit(content, values["unit"])
    if "region" in values:
        content.columns["region"] = _region(content, "region", values["region"], on)
    if "further_nodes" in values:
        codes = _codes(content, "further_nodes", values["further_nodes"], MOST_PARTS)
        found = list(nodes_by_codes(codes).filter(retired_on__isnull=True))
        _refuse_unknown(content, "further_nodes", codes, {node.code for node in found})
        content.further_nodes = found
    if "regions_allowed" in values:
        codes = _codes(content, "regions_allowed", values["regions_allowed"], MOST_REGIONS)
        known = {region.code: region for region in regions_in_use(on).filter(code__in=codes)}
        for code in codes:
            if code not in known:
                _region(content, "regions_allowed", code, on)
        content.regions_allowed = list(known.values())


def _node(content: Content, name: str, code: object) -> ChainNode | None:
    wanted = normalise_code(str(code or ""))
    node = node_by_code(wanted) if wanted else None
    if wanted and (node is None or node.is_retired):
        content.refuse(name, Reason.REFUSAL_UNKNOWN_CODE, code=str(code)[:40])
        return None
    return node


def _unit(content: Content, code: object) -> Unit | None:
    wanted = normalise_text(str(code or ""))[:40]
    unit = (unit_by_code(wanted) or unit_from_text(wanted)) if wanted else None
    if wanted and (unit is None or unit.is_retired):
        content.refuse("unit", Reason.REFUSAL_UNKNOWN_CODE, code=wanted)
        return None
    return unit


def _region(content: Content, name: str, code: object, on: date) -> Region | None:
    wanted = normalise_code(str(code or ""))
    if not wanted:
        return None
    answer = region_or_successor(wanted, on)
    if answer.successor:
        content.refuse(name, Reason.REFUSAL_REGION_CLOSED, successor=answer.successor.name, code=answer.successor.code)
    elif answer.region is None:
        content.refuse(name, Reason.REFUSAL_UNKNOWN_CODE, code=wanted[:40])
    return answer.region


def _take_certificates(content: Content, values: Mapping[str, Any]) -> None:
    if "certificates" not in values:
        return
    asked: dict[str, bool] = {}
    for name, must in values["certificates"]:
        code = normalise_code(str(name))
        asked[code] = asked.get(code, False) or bool(must)
    if len(asked) > MOST_PARTS:
        content.refuse("certificates", Reason.REFUSAL_LIMIT_REACHED, limit=MOST_PARTS)
        return
    known = {row.code: row for row in certifications_in_use().filter(code__in=list(asked))}
    _refuse_unknown(content, "certificates", asked, set(known))
    content.certificates = [(known[code], asked[code]) for code in sorted(known)]


def _take_parameters(content: Content, values: Mapping[str, Any]) -> None:
    if "parameters" not in values:
        return
    rows = list(values["parameters"])
    if len(rows) > MOST_PARTS:
        content.refuse("parameters", Reason.REFUSAL_LIMIT_REACHED, limit=MOST_PARTS)
        return
    known = {row.code: row for row in parameters_in_use()}
    taken: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = normalise_text(str(row["parameter"]))
        if code not in known:
            content.refuse("parameters", Reason.REFUSAL_UNKNOWN_CODE, code=code[:40])
        elif code in taken:
            content.refuse("parameters", Reason.REFUSAL_ALREADY_THERE)
        else:
            part = _parameter(content, known[code], row)
            if part:
                taken[code] = part
    content.parameters = list(taken.values())


def _parameter(content: Content, parameter: Parameter, row: Mapping[str, Any]) -> dict[str, Any] | None:
    operator = row.get("operator") or parameter.comparison
    value = row.get("value")
    if parameter.is_ordered and parameter.comparison == Comparison.EQUAL:
        operator = Operator.EQUAL  # its levels are kinds, none of which is more than another
    part = {"parameter": parameter, "operator": operator, "is_must": bool(row.get("is_must", True))}
    if operator not in Operator.values:
        content.refuse("parameters", Reason.REFUSAL_UNKNOWN_CODE, code=str(operator)[:40])
    elif parameter.is_ordered:
        rank = parameter.rank_of(str(value or ""))
        if rank is not None:
            return {**part, "level": parameter.levels[rank], "number": None}
        levels = ", ".join(parameter.level_names)
        content.refuse("parameters", Reason.REFUSAL_UNKNOWN_LEVEL, level=str(value)[:40], levels=levels)
    elif not isinstance(value, Decimal) or not value.is_finite():
        content.refuse("parameters", Reason.REFUSAL_NOT_A_NUMBER)
    elif abs(value) > MAX_AMOUNT:
        content.refuse("parameters", Reason.REFUSAL_TOO_LARGE)
    else:
        return {**part, "level": "", "number": value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)}
    return None


def _take_hidden(content: Content, names: Iterable[object], enterprise: Enterprise) -> None:
    """Keeps the lines as they were typed, whether or not a firm is found: neither codes nor names are looked up here
    for anybody, so an answer must not tell which of them are known.
    """
    wanted = [text for name in names if (text := normalise_text(str(name))[:160])]
    if len(wanted) > MOST_PARTS:
        content.refuse("hidden_from", Reason.REFUSAL_LIMIT_REACHED, limit=MOST_PARTS)
        return
    found: dict[int, Enterprise] = {}
    for text in wanted:
        code = normalise_code(text)
        match = models.Q(uscc=code) | models.Q(key=code) | models.Q(name=text)
        firm = Enterprise.objects.active().filter(match).exclude(pk=enterprise.pk).order_by("pk").first()
        if firm:
            found[firm.pk] = firm
    content.hidden_from = list(found.values())
    content.columns["hidden_from_typed"] = "\n".join(wanted)


def _codes(content: Content, name: str, codes: Iterable[object], most: int) -> list[str]:
    wanted = list(dict.fromkeys(code for one in codes if (code := normalise_code(str(one)))))
    if len(wanted) > most:
        content.refuse(name, Reason.REFUSAL_LIMIT_REACHED, limit=most)
        return []
    return wanted


def _refuse_unknown(content: Content, name: str, wanted: Iterable[str], known: set[str]) -> None:
    for code in wanted:
        if code not in known:
            content.refuse(name, Reason.REFUSAL_UNKNOWN_CODE, code=code[:40])


def problems_before_publication(
    values: Mapping[str, Any], *, typed: Mapping[str, Any], on: date, enterprise: Enterprise
) -> Content:
    """All that would stop a posting with these values at once: what does not fit and what is not filled in at all.

    ``typed`` tells what was filled in but could not be read; that is said elsewhere and does not count as missing.
    """
    content = checked_content(values, on=on, enterprise=enterprise)
    for name in COMPULSORY:
        if not values.get(name) and not typed.get(name) and not (name == "node" and typed.get("node_words")):
            content.refuse(name, Reason.REFUSAL_REQUIRED)
    node = content.columns.get("node")
    if node and is_whole_chain(node):
        content.refuse("node", Reason.REFUSAL_NODE_TOO_BROAD)
    if node and values.get("subject") and usual_subject(node.code) == Subject.TALENT != values["subject"]:
        content.refuse("subject", Reason.REFUSAL_PEOPLE_AS_TALENT)
    for name in ("title", "text"):
        if has_contact(str(values.get(name) or "")):
            content.refuse(name, Reason.REFUSAL_CONTACT_IN_TEXT)
    if content.columns.get("network_first_days") and not has_network(enterprise):
        content.refuse("network_first_days", Reason.REFUSAL_NETWORK_EMPTY)
    if (end := values.get("window_end")) and end < on:
        content.refuse("window_end", Reason.REFUSAL_WINDOW_PAST)
    return content


def check_for_readers(posting: Posting, on: date) -> None:
    """Refuse what must not be shown to others: a missing field, a whole chain, a window that is over, unread text."""
    problems: dict[str, Reason] = {
        name: Reason.REFUSAL_REQUIRED for name, column in COMPULSORY.items() if not getattr(posting, column)
    }
    problems |= {name: UNREAD.get(name, Reason.REFUSAL_REQUIRED) for name in posting.unread_texts}
    if posting.node and is_whole_chain(posting.node):
        problems["node"] = Reason.REFUSAL_NODE_TOO_BROAD
    if posting.node and usual_subject(posting.node.code) == Subject.TALENT != posting.subject:
        problems["subject"] = Reason.REFUSAL_PEOPLE_AS_TALENT
    if posting.window_end and posting.window_end < on:
        problems.setdefault("window_end", Reason.REFUSAL_WINDOW_PAST)
    if posting.region_preference == RegionPreference.RADIUS and posting.radius_km is None:
        problems.setdefault("radius_km", Reason.REFUSAL_REQUIRED)
    if posting.region_preference == RegionPreference.LIST and not posting.regions_allowed.exists():
        problems.setdefault("regions_allowed", Reason.REFUSAL_REQUIRED)
    if posting.price_kind != PriceKind.NONE and posting.price_min is None and posting.price_max is None:
        problems.setdefault("price_max", Reason.REFUSAL_REQUIRED)
    if posting.network_first_days and posting.published_at is None and not has_network(posting.enterprise):
        problems["network_first_days"] = Reason.REFUSAL_NETWORK_EMPTY
    if problems:
        raise Invalid(problems)
