"""Registering an enterprise, its profile and contact, and asking to be verified."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.choices import EnterpriseKind, NoticeKind, ReviewKind, Role, Verb, Verification
from accounts.models import Enterprise, EnterpriseContact, Membership, User
from accounts.permissions import can_edit_enterprise, can_register_enterprise, can_request_verification
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.names import clean_name, clean_phone, clean_uscc, suggested_alias
from accounts.services.notices import notify_platform
from accounts.services.reviews import open_review
from common.errors import Invalid, Refused, Stale, require
from common.reasons import Reason
from common.values import normalise_text, one_line
from reference.models import Region
from reference.queries.regions import region_or_successor

CONTACT_NAMES = {"person": "contact_person", "phone": "contact_phone", "email": "contact_email"}
LONGEST_INTRODUCTION = 4000
EDITED = ("name", "name_en", "alias", "kind", "region_id", "address", "introduction")


@unit_of_work
def register_enterprise(
    *,
    actor: User,
    uscc: str,
    name: str,
    kind: EnterpriseKind,
    region: Region,
    contact_person: str,
    contact_phone: str = "",
    contact_email: str = "",
    alias: str = "",
    name_en: str = "",
    address: str = "",
    introduction: str = "",
) -> Enterprise:
    """Make ``actor`` the owner of a new enterprise, not checked yet; one imported from a catalogue is claimed.

    Refuses enterprise_exists without saying whose it is, limit_reached, and values that do not fit (Invalid).
    """
    code = clean_uscc(uscc)
    require(can_register_enterprise(actor, code))
    known = Enterprise.objects.select_for_update().filter(uscc=code).first()
    if known is not None and not known.is_unclaimed:
        raise Refused(Reason.REFUSAL_ENTERPRISE_EXISTS)
    enterprise = known or Enterprise(uscc=code)
    enterprise.is_unclaimed = False
    enterprise.language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    _take_profile(enterprise, name, name_en, alias, kind, region, address, introduction)
    check_row(enterprise, {"region": "region"}, exclude=["uscc"] if known else [])
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:
        raise Refused(Reason.REFUSAL_ENTERPRISE_EXISTS) from error
    _keep_contact(enterprise, contact_person, contact_phone, contact_email)
    Membership.objects.create(enterprise=enterprise, user=actor, role=Role.OWNER)
    record_change(thing=enterprise, verb=Verb.CREATED, actor=actor, enterprise=enterprise)
    return enterprise


@unit_of_work
def edit_enterprise(
    *,
    enterprise: Enterprise,
    actor: User,
    seen_version: int,
    name: str,
    kind: EnterpriseKind,
    region: Region,
    contact_person: str,
    contact_phone: str = "",
    contact_email: str = "",
    alias: str = "",
    name_en: str = "",
    address: str = "",
    introduction: str = "",
) -> Enterprise:
    """Change the profile as it stood at ``seen_version``; raises Stale when somebody was faster.

    A verified enterprise that takes another name has to be checked again.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_edit_enterprise(actor, locked))
    if locked.version != seen_version:
        raise Stale(seen=seen_version, current=locked.version)
    before = {field: getattr(locked, field) for field in EDITED}
    _take_profile(locked, name, name_en, alias, kind, region, address, introduction)
    changed = [field.removesuffix("_id") for field in EDITED if getattr(locked, field) != before[field]]
    if "name" in changed and locked.verification == Verification.VERIFIED:
        locked.verification, locked.verified_at = Verification.PENDING, None
        ask_for_review(locked)
    locked.version += 1
    check_row(locked, exclude=["uscc"])
    locked.save()
    if _keep_contact(locked, contact_person, contact_phone, contact_email):
        changed.append("contact")
    record_change(thing=locked, verb=Verb.CHANGED, actor=actor, enterprise=locked, facts={"fields": changed})
    return locked


@unit_of_work
def request_verification(*, enterprise: Enterprise, actor: User) -> Enterprise:
    """Ask the platform to check who the enterprise is; refuses wrong_state while it is checked or once it is verified.

    Platform administrators get a notice.
    """
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    require(can_request_verification(actor, locked))
    locked.verification = Verification.PENDING
    locked.version += 1
    locked.save(update_fields=["verification", "version", "changed_at"])
    ask_for_review(locked)
    record_change(thing=locked, verb=Verb.CHANGED, actor=actor, enterprise=locked, facts={"fields": ["verification"]})
    notify_platform(
        kind=NoticeKind.VERIFICATION_ASKED,
        key=f"{locked.key}:{locked.version}",
        route="admin:accounts_enterprise_change",
        thing_key=str(locked.pk),
        facts={"title": locked.name},
    )
    return locked


def ask_for_review(enterprise: Enterprise) -> None:
    """Put an enterprise that asks to be verified, or took another name, into the queue of the moderators."""
    open_review(kind=ReviewKind.ENTERPRISE, enterprise=enterprise, thing_key=enterprise.key, title=enterprise.name)


def _take_profile(
    enterprise: Enterprise,
    name: str,
    name_en: str,
    alias: str,
    kind: EnterpriseKind,
    region: Region,
    address: str,
    introduction: str,
) -> None:
    if kind not in EnterpriseKind.values:
        raise Invalid({"kind": Reason.REFUSAL_UNKNOWN_CODE}, {"kind": {"code": str(kind)}})
    enterprise.name = clean_name(name, "name")
    enterprise.name_en = clean_name(name_en, "name_en")
    enterprise.kind = kind
    if enterprise.region_id != region.pk:
        enterprise.region = _open_region(region)
    enterprise.address = one_line(address)
    enterprise.introduction = normalise_text(introduction)
    if len(enterprise.introduction) > LONGEST_INTRODUCTION:
        raise Invalid({"introduction": Reason.REFUSAL_TOO_LONG}, {"introduction": {"limit": LONGEST_INTRODUCTION}})
    enterprise.alias = clean_name(alias, "alias") or suggested_alias(kind, region)


def _open_region(region: Region) -> Region:
    answer = region_or_successor(region.code, timezone.localdate())
    if answer.region is None:
        successor = answer.successor.code if answer.successor else ""
        raise Invalid({"region": Reason.REFUSAL_REGION_CLOSED}, {"region": {"successor": successor}})
    return answer.region


def _keep_contact(enterprise: Enterprise, person: str, phone: str, email: str) -> bool:
    """Whether the contact is another one now."""
    contact = EnterpriseContact.objects.filter(enterprise=enterprise).first() or EnterpriseContact(
        enterprise=enterprise
    )
    before = (contact.person, contact.phone, contact.email)
    contact.person = clean_name(person, "contact_person")
    contact.phone, contact.email = clean_phone(phone), normalise_text(email).lower()
    if not contact.phone and not contact.email:
        raise Invalid({"contact_phone": Reason.REFUSAL_CONTACT_UNREACHABLE})
    check_row(contact, CONTACT_NAMES)
    contact.save()
    return before != (contact.person, contact.phone, contact.email)
