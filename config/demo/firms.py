"""Sample firms with contact, plants, machines and checked papers."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.choices import CheckState, Verb, Verification
from accounts.models import Enterprise, EnterpriseCertificate, EnterpriseContact, Equipment, Site
from accounts.services.changes import record_change, unit_of_work
from config.demo.rows import Book, Told, day_after, demo_object, demo_rows, sample_credit_code
from config.demo.scenarios import scenario_firms

SERIES = "A"
ISSUED_BEFORE = timedelta(days=200)
NUMBER_MARK = "SAMPLE"
ISSUER = "Sample certification body"


def told_firms() -> list[Told]:
    """Every sample firm: by hand, those of the scenarios, those that only the past needs."""
    return [*demo_rows("firms"), *scenario_firms(), *demo_object("past")["firms"]]


def credit_codes(told: Iterable[Told]) -> dict[str, str]:
    """The credit code of each firm by its key; the place in the list counts, so new firms are added at its end."""
    return {firm["key"]: sample_credit_code(firm["region"], SERIES, place) for place, firm in enumerate(told, 1)}


@unit_of_work
def load_firms(*, told: list[Told], book: Book, day: date) -> tuple[dict[str, Enterprise], int]:
    """All firms by key, and how many were new. Those that are there already stay as their people left them."""
    codes = credit_codes(told)
    known = {firm.uscc: firm for firm in Enterprise.objects.filter(uscc__in=codes.values())}
    new = [firm for firm in told if codes[firm["key"]] not in known]
    made = bulk_create_with_history([_enterprise(firm, codes[firm["key"]], book) for firm in new], Enterprise)
    by_code = known | {firm.uscc: firm for firm in made}
    firms = {key: by_code[code] for key, code in codes.items()}
    EnterpriseContact.objects.bulk_create(
        EnterpriseContact(enterprise=firms[firm["key"]], **firm["contact"]) for firm in new
    )
    _make_sites(new, firms, book, day)
    _make_certificates(new, firms, book, day)
    for firm in new:
        enterprise = firms[firm["key"]]
        record_change(thing=enterprise, verb=Verb.CREATED, actor=None, enterprise=enterprise)
    return firms, len(new)


def _enterprise(told: Told, code: str, book: Book) -> Enterprise:
    verified = told["verification"] == Verification.VERIFIED
    return Enterprise(
        uscc=code,
        name=told["name"],
        name_en=told["name_en"],
        alias=told["alias"],
        kind=told["kind"],
        region=book.regions[told["region"]],
        address=told["address"],
        introduction=told["introduction"],
        language=told["language"],
        verification=told["verification"],
        verified_at=timezone.now() if verified else None,
        is_sample=True,
    )


def _make_sites(new: Iterable[Told], firms: Mapping[str, Enterprise], book: Book, day: date) -> None:
    pairs = [
        (Site(enterprise=firms[firm["key"]], region=book.regions[site["region"]], **_plain(site)), site["equipment"])
        for firm in new
        for site in firm["sites"]
    ]
    Site.objects.bulk_create(site for site, _ in pairs)
    Equipment.objects.bulk_create(
        Equipment(site=site, confirmed_on=day, **machine) for site, machines in pairs for machine in machines
    )


def _plain(site: Told) -> dict[str, object]:
    return {name: value for name, value in site.items() if name not in ("region", "equipment")}


def _make_certificates(new: Iterable[Told], firms: Mapping[str, Enterprise], book: Book, day: date) -> None:
    rows = []
    for firm in new:
        enterprise = firms[firm["key"]]
        for paper in firm["certificates"]:
            last = day_after(day, paper["days"])
            rows.append(
                EnterpriseCertificate(
                    enterprise=enterprise,
                    certification=book.certifications[paper["code"]],
                    number=certificate_number(enterprise, paper["code"]),
                    issuer=ISSUER,
                    issued_on=min(day, last or day) - ISSUED_BEFORE,
                    expires_on=last,
                    state=paper["state"],
                )
            )
    bulk_create_with_history(rows, EnterpriseCertificate)


def certificate_number(enterprise: Enterprise, code: str) -> str:
    """The number by which a sample paper is told from one that somebody entered."""
    return f"{NUMBER_MARK}-{enterprise.uscc[-10:]}-{code}"


@unit_of_work
def renew_certificates(*, told: Iterable[Told], firms: Mapping[str, Enterprise], day: date) -> int:
    """Move the last days of sample papers to the day of loading, so that they never run out. Returns how many moved.

    A paper that somebody edited is claimed anew or carries another number, and stays as it is.
    """
    wanted = {
        certificate_number(firms[firm["key"]], paper["code"]): day_after(day, paper["days"])
        for firm in told
        for paper in firm["certificates"]
    }
    held = EnterpriseCertificate.objects.filter(
        number__startswith=f"{NUMBER_MARK}-", state=CheckState.CHECKED, enterprise__in=list(firms.values())
    )
    moved = [paper for paper in held if paper.number in wanted and paper.expires_on != wanted[paper.number]]
    for paper in moved:
        paper.expires_on = wanted[paper.number]
        paper.issued_on = min(day, paper.expires_on or day) - ISSUED_BEFORE
    EnterpriseCertificate.objects.bulk_update(moved, ["expires_on", "issued_on"], batch_size=200)
    return len(moved)
