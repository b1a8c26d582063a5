"""Capability passports: opened and closed by the firm's owners, and their links renewed."""

from accounts.choices import PassportLevel, Verb
from accounts.models import Enterprise, Passport, User
from accounts.passports import new_token
from accounts.permissions import can_edit_enterprise, can_set_passport
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason


@unit_of_work
def set_passport_level(*, enterprise: Enterprise, actor: User, level: str) -> Passport:
    """Say who may open the passport; closed and opened again it keeps its link.

    Refuses not_yours, suspended, not_verified unless it is to be closed; Invalid for a level that is none.
    """
    if level not in PassportLevel.values:
        raise Invalid({"level": Reason.REFUSAL_UNKNOWN_CODE}, {"level": {"code": str(level)[:20]}})
    firm = _locked(enterprise)
    require(can_set_passport(actor, firm, PassportLevel(level)))
    passport = _passport(firm)
    if passport.level != level:
        facts: dict[str, object] = {"from": str(passport.level), "to": str(level)}
        passport.level = PassportLevel(level)
        passport.save()
        record_change(thing=passport, verb=Verb.CHANGED, actor=actor, enterprise=firm, facts=facts)
    return passport


@unit_of_work
def renew_passport_link(*, enterprise: Enterprise, actor: User) -> Passport:
    """Another link in place of the one before, which leads nowhere from now on. Refuses not_yours, suspended."""
    firm = _locked(enterprise)
    require(can_edit_enterprise(actor, firm))
    passport = _passport(firm)
    passport.token = new_token()
    passport.save()
    record_change(thing=passport, verb=Verb.CHANGED, actor=actor, enterprise=firm, facts={"fields": ["link"]})
    return passport


def _locked(enterprise: Enterprise) -> Enterprise:
    """The firm, so that two owners do not make two passports of it."""
    return Enterprise.objects.select_for_update().get(pk=enterprise.pk)


def _passport(enterprise: Enterprise) -> Passport:
    return Passport.objects.filter(enterprise=enterprise).first() or Passport(enterprise=enterprise)
