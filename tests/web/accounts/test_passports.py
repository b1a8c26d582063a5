"""The pages of a capability passport: open to whom the firm says, over for everybody else, the same for all readers."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import CheckState
from accounts.models import Enterprise, Passport
from accounts.services.passports import renew_passport_link
from tests.factories.accounts import (
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    EquipmentFactory,
    MembershipFactory,
    PassportFactory,
    UserFactory,
)
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.test_passports import confirmed, supplied
from web.papers.passports import code_address, code_drawing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
OWN = "/en/me/passport/"


def page_of(passport, language="/en"):
    return f"{language}/passports/{passport.token}/"


def shown_to(client, passport, language="/en"):
    answer = client.get(page_of(passport, language))
    assert answer.status_code == 200
    return answer.content.decode()


def row_with(html, words):
    """The words of the row of a table in which ``words`` stand."""
    rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)]
    return " ".join(next(row for row in rows if words in row).split())


@pytest.fixture
def passport():
    """Of a firm with a paper and a machine of each kind, and outcomes with three other firms."""
    passport = PassportFactory()
    firm = passport.enterprise
    ended = TODAY - timedelta(days=3)
    for state, issuer, last_day in (
        (CheckState.CHECKED, "Issuer A", TODAY),
        (CheckState.CHECKED, "Issuer B", ended),
        (CheckState.CLAIMED, "Issuer C", None),
        (CheckState.CLAIMED, "Issuer D", ended),
    ):
        EnterpriseCertificateFactory(enterprise=firm, state=state, issuer=issuer, issued_on=None, expires_on=last_day)
    EquipmentFactory(site__enterprise=firm, kind="Press A", checked_on=TODAY)
    EquipmentFactory(site__enterprise=firm, kind="Press B", confirmed_on=TODAY)
    for _ in range(3):
        confirmed(supplied(firm))
    return passport


def test_what_is_checked_unchecked_and_expired_says_so(client, passport):
    html = shown_to(client, passport)

    assert "Checked by the platform" in row_with(html, "Issuer A")
    assert "Expired; it had been checked" in row_with(html, "Issuer B")
    assert "Not checked: the firm's own word" in row_with(html, "Issuer C").replace("&#x27;", "'")
    assert "Expired; it was never checked" in row_with(html, "Issuer D")
    assert "Seen on site by the platform on" in row_with(html, "Press A")
    assert "Not checked" in row_with(html, "Press B")
    assert row_with(html, "XN0").endswith("3 3") or "3 3" in html
    assert row_with(html, "Median answer time").endswith("too few")


def test_nothing_that_is_the_firms_own_business_and_no_other_firm_stands_in_it(client, passport, signed_in):
    firm = passport.enterprise
    contact = EnterpriseContactFactory(enterprise=firm)
    Enterprise.objects.filter(pk=firm.pk).update(
        introduction="CANARY-INTRO", address="CANARY-ADDRESS", alias="CANARY-A"
    )
    PostingFactory(enterprise=firm, capacity=True, visibility="alias", title="CANARY-POSTING")
    secret = [contact.phone, contact.email, contact.person, firm.uscc, "CANARY", *numbers_of(firm)]
    others = list(Enterprise.objects.exclude(pk=firm.pk).values_list("name", flat=True))

    for reader in (client, signed_in(MembershipFactory().user), signed_in(MembershipFactory(enterprise=firm).user)):
        for language in ("", "/en"):
            body = re.sub(r"<header.*?</header>", "", shown_to(reader, passport, language), flags=re.DOTALL)
            assert [word for word in secret if word in body] == []
            assert [name for name in others if f">{name}<" in body] == []


def numbers_of(firm):
    return list(firm.certificates.values_list("number", flat=True))


def test_who_may_open_it_is_let_in_and_others_are_told_what_they_lack(client, passport, signed_in):
    Passport.objects.update(level="verified")
    stranger = MembershipFactory(enterprise=EnterpriseFactory(unverified=True)).user

    sent_on = client.get(page_of(passport))
    refused = signed_in(stranger).get(page_of(passport))
    assert (sent_on.status_code, sent_on.url.startswith("/en/accounts/login/?next=/en/passports/")) == (302, True)
    assert (refused.status_code, "For members of verified firms" in refused.content.decode()) == (403, True)
    assert passport.enterprise.name not in refused.content.decode()
    assert shown_to(signed_in(MembershipFactory(viewer=True).user), passport)


@pytest.mark.parametrize(("language", "told"), [("", "链接已失效"), ("/en", "This link is over")])
@pytest.mark.parametrize("paper", ["", "paper/"])
def test_renewed_closed_suspended_and_made_up_links_are_answered_alike(client, language, told, paper):
    renewed, closed, suspended = PassportFactory(), PassportFactory(closed=True), PassportFactory()
    owner = MembershipFactory(enterprise=renewed.enterprise)
    renew_passport_link(enterprise=renewed.enterprise, actor=owner.user)
    Enterprise.objects.filter(pk=suspended.enterprise_id).update(suspended_at=timezone.now())
    tokens = [renewed.token, closed.token, suspended.token, "A" * 22]

    answers = [client.get(f"{language}/passports/{token}/{paper}") for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode()) for answer in answers]
    pages = {body.replace(token, "TOKEN") for body, token in zip(bodies, tokens, strict=True)}
    assert (len(pages), told in pages.pop()) == (1, True)


@pytest.mark.parametrize(
    ("accepted", "page"),
    [("en-GB,en;q=0.9", "/en/passports/"), ("zh-CN,zh;q=0.9", "/passports/"), ("fr", "/passports/")],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_code_opens_the_page_in_the_language_of_who_scans_it(client, passport, accepted, page, is_known):
    token = passport.token if is_known else "A" * 22
    path = code_address(token).removeprefix(settings.SITE_ADDRESS)
    answer = client.get(path, headers={"accept-language": accepted})

    assert (answer.status_code, answer.url) == (302, f"{page}{token}/")


def test_neither_caches_nor_search_engines_keep_it(client, passport):
    answer = client.get(page_of(passport))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_code_is_drawn_without_styles_and_differs_by_link(passport):
    drawn = code_drawing(code_address(passport.token))
    assert drawn.startswith("<svg ")
    assert "style" not in drawn
    assert drawn == code_drawing(code_address(passport.token)) != code_drawing(code_address("A" * 22))


def test_the_preview_reads_as_the_page_of_others(client, passport, signed_in):
    member = signed_in(MembershipFactory(enterprise=passport.enterprise, viewer=True).user)
    preview = member.get(reverse("web:accounts:passport_preview")).content.decode()
    theirs = shown_to(client, passport, "")
    tables = r'<section class="card flush".*?</section>'

    assert re.findall(tables, preview, re.DOTALL) == re.findall(tables, theirs, re.DOTALL) != []
    assert passport.token not in preview


def test_an_owner_opens_it_renews_the_link_and_reads_it_on_the_page(client, signed_in):
    owner = MembershipFactory()
    ours = signed_in(owner.user)
    assert "/code/" not in ours.get(OWN).content.decode()

    ours.post(OWN, {"level": "link"})
    first = Passport.objects.get()
    assert code_address(first.token) in ours.get(OWN).content.decode()
    assert shown_to(client, first)
    ours.post(f"{OWN}renew/")
    second = Passport.objects.get()
    assert second.token != first.token
    assert [client.get(page_of(one)).status_code for one in (first, second)] == [404, 200]


def test_a_level_that_is_none_is_told_and_changes_nothing(signed_in):
    answer = signed_in(MembershipFactory().user).post(OWN, {"level": "all"})
    assert (answer.status_code, Passport.objects.count()) == (422, 0)


def test_a_firm_that_is_not_verified_reads_why_it_cannot_open_it(signed_in):
    owner = MembershipFactory(enterprise=EnterpriseFactory(unverified=True))
    ours = signed_in(owner.user)
    assert "once the platform has checked who your firm is" in ours.get(OWN).content.decode()
    assert ours.post(OWN, {"level": "link"}).status_code == 409


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_editors_and_viewers_read_and_change_nothing(signed_in, role):
    kept = PassportFactory()
    reader = signed_in(MembershipFactory(enterprise=kept.enterprise, **{role: True}).user)
    html = reader.get(OWN).content.decode()

    assert ['name="level"' in html, "renew/" in html, code_address(kept.token) in html] == [False, False, True]
    assert [reader.post(OWN, {"level": "closed"}).status_code, reader.post(f"{OWN}renew/").status_code] == [403, 403]
    now = Passport.objects.get()
    assert (now.level, now.token) == (kept.level, kept.token)


def test_contact_data_in_words_are_withheld_and_the_firm_is_told(client, signed_in):
    kept = PassportFactory()
    EquipmentFactory(site__enterprise=kept.enterprise, kind="CANARY 13812345678")
    member = signed_in(MembershipFactory(enterprise=kept.enterprise).user)

    assert "CANARY" not in shown_to(client, kept)
    preview = member.get(f"{OWN}preview/").content.decode()
    assert ("CANARY" in preview, "1 certificate or machine is left out" in preview) == (False, True)


def test_the_page_costs_the_same_queries_whatever_the_firm_has_done(client, passport):
    asked = []
    for _ in range(2):
        shown_to(client, passport)
        with CaptureQueriesContext(connection) as queries:
            shown_to(client, passport)
        asked.append(len(queries))
        for _ in range(4):
            confirmed(supplied(passport.enterprise))
            EquipmentFactory(site__enterprise=passport.enterprise)
            EnterpriseCertificateFactory(enterprise=passport.enterprise)
    assert asked[0] == asked[1] <= 10


def test_signing_in_is_not_needed_to_read_what_everybody_may(client, passport, signed_in):
    tables = r'<section class="card flush".*?</section>'
    known = [re.findall(tables, shown_to(one, passport), re.DOTALL) for one in (client, signed_in(UserFactory()))]
    assert known[0] == known[1] != []
