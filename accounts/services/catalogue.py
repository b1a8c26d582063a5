"""Enterprises known from a catalogue: shown apart as not here yet, until they claim themselves."""

from datetime import date

from django.utils import timezone

from accounts.choices import EnterpriseKind, Verb
from accounts.models import Enterprise, User
from accounts.permissions import can_write_catalogue
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.names import clean_name, clean_uscc, suggested_alias
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_text, one_line
from reference.models import Region

LISTED = ("name", "name_en", "kind", "region_id", "address", "source", "sourced_on")


@unit_of_work
def list_enterprise(
    *,
    uscc: str,
    name: str,
    kind: str,
    region: Region,
    source: str,
    sourced_on: date,
    actor: User,
    name_en: str = "",
    address: str = "",
) -> Enterprise:
    """Enter an enterprise from a catalogue, or what the catalogue says of it now; the source and its day are named.

    Refuses not_yours, enterprise_exists for one that is here itself, and values that do not fit (Invalid).
    """
    code = clean_uscc(uscc)
    require(can_write_catalogue(actor, code))
    known = Enterprise.objects.select_for_update().filter(uscc=code).first()
    if known is not None and not known.is_unclaimed:
        raise Refused(Reason.REFUSAL_ENTERPRISE_EXISTS)
    row = known or Enterprise(uscc=code, is_unclaimed=True, alias=suggested_alias(EnterpriseKind(kind), region))
    before = [getattr(row, column) for column in LISTED]
    row.name, row.name_en = clean_name(name, "name"), clean_name(name_en, "name_en")
    row.kind, row.region_id, row.address = kind, region.pk, one_line(address)
    row.source, row.sourced_on = normalise_text(source), sourced_on
    if not row.source:
        raise Invalid({"source": Reason.REFUSAL_REQUIRED})
    if sourced_on > timezone.localdate():
        raise Invalid({"sourced_on": Reason.REFUSAL_NOT_A_DAY})
    check_row(row, exclude=["uscc", "region"] if known else ["region"])
    if known is not None and before == [getattr(row, column) for column in LISTED]:
        return row
    row.version += known is not None
    row.save()
    verb = Verb.CHANGED if known else Verb.CREATED
    record_change(thing=row, verb=verb, actor=actor, facts={"source": row.source, "on": str(sourced_on)})
    return row
