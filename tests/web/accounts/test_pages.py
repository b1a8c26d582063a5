"""Every page of accounts for those who may and those who may not, in both languages."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts.choices import Role, Verb
from accounts.models import Change, Enterprise, EnterpriseCertificate, Equipment, Invitation, Membership, Site
from accounts.services.invitations import invite_member, token_of
from tests.factories.accounts import (
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
    sample_uscc,
)
from tests.factories.postings import PostingFactory
from tests.factories.reference import CertificationFactory, RegionFactory

pytestmark = pytest.mark.django_db


CODE = sample_uscc(7_200_000)


PDF = b"%PDF-1.7\nsample"


URLENCODED = "application/x-www-form-urlencoded"


def form(**changed):
    RegionFactory(code="900101")
    return {
        "uscc": CODE,
        "name": "示例机械有限公司",
        "kind": "manufacturer",
        "region": "900101",
        "contact_person": "示例联系人",
        "contact_phone": "13800000000",
    } | changed


PAGES = [
    "me/",
    "me/settings/",
    "me/notices/",
    "me/enterprise/",
    "me/members/",
    "me/sites/",
    "me/sites/new/",
    "me/sites/{site}/",
    "me/certificates/",
    "me/certificates/new/",
    "me/certificates/{certificate}/",
    "enterprises/new/",
    "enterprises/join/",
    "enterprises/{key}/",
]


def filled(page: str, owner) -> str:
    return page.format(
        site=Site.objects.get().pk, certificate=EnterpriseCertificate.objects.get().pk, key=owner.enterprise.key
    )


BAD = ["", "x" * 5000, "<script>alert(1)</script>", "a\x00b", "１２３", "\u202e", "../../etc", "9" * 30, "-1", "🦀"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_a_page_opens_for_the_owner_without_inline_style(page, prefix, firm, signed_in):
    answer = signed_in(firm.user).get(prefix + filled(page, firm))

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()


@pytest.mark.parametrize("page", [page for page in PAGES if page != "enterprises/{key}/"])
def test_a_page_behind_the_sign_in_sends_visitors_there(page, firm):
    assert Client().get("/" + filled(page, firm))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "address",
    [
        "me/sites/{site}/",
        "me/sites/{site}/remove/",
        "me/sites/{site}/equipment/",
        "me/equipment/{machine}/",
        "me/equipment/{machine}/photo/",
        "me/equipment/{machine}/confirm/",
        "me/equipment/{machine}/remove/",
        "me/certificates/{certificate}/",
        "me/certificates/{certificate}/remove/",
        "me/certificates/{certificate}/evidence/",
        "me/members/{member}/role/",
        "me/members/{member}/remove/",
        "me/members/{asked}/accept/",
        "me/members/{asked}/refuse/",
        "me/invitations/{invitation}/cancel/",
        "me/notices/{notice}/",
    ],
)
def test_what_belongs_to_another_firm_is_not_there(address, firm, signed_in):
    stranger = signed_in(MembershipFactory().user)
    filled_in = "/" + address.format(
        site=Site.objects.get().pk,
        machine=Equipment.objects.get().pk,
        certificate=EnterpriseCertificate.objects.get().pk,
        member=firm.pk,
        asked=Membership.objects.get(status="requested").pk,
        invitation=Invitation.objects.get().pk,
        notice=firm.user.notices.get().pk,
    )

    foreign = {stranger.get(filled_in).status_code, stranger.post(filled_in).status_code}
    missing = re.sub(r"\d+", "999999", filled_in)

    assert foreign <= {404, 405}
    assert stranger.post(missing).status_code in (404, 405)
    assert (Site.objects.count(), EnterpriseCertificate.objects.count(), Membership.objects.count()) == (1, 1, 3)


def test_register_makes_the_reader_act_for_the_new_enterprise(signed_in):
    person = UserFactory()
    client = signed_in(person)

    answer = client.post("/enterprises/new/", form(uscc=CODE.lower()))

    made = Enterprise.objects.get(uscc=CODE)
    assert answer["Location"] == "/me/"
    assert client.session["acting_enterprise"] == made.key
    assert made.name in client.get("/me/").content.decode()


def test_register_a_code_that_is_taken_offers_to_ask_and_names_nobody(signed_in):
    owner = MembershipFactory(enterprise__uscc=CODE, enterprise__name="示例秘密企业")
    client = signed_in(UserFactory())

    answer = client.post("/enterprises/new/", form())

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "示例秘密企业" not in page
    assert owner.user.name not in page
    assert 'action="/enterprises/join/"' in page
    client.post("/enterprises/join/", {"uscc": CODE})
    assert owner.user.notices.get().kind == "join_requested"


def test_join_answers_known_and_unknown_codes_with_the_same_page(signed_in):
    MembershipFactory(enterprise__uscc=CODE)
    pages = []
    for code in (CODE, sample_uscc(7_200_001)):
        client = signed_in(UserFactory(name="示例同名"))
        answer = client.post("/enterprises/join/", {"uscc": code}, follow=True)
        pages.append(re.sub(r'value="[^"]{64}"', "", answer.content.decode()))

    assert pages[0] == pages[1]


@pytest.mark.parametrize("bad", BAD)
def test_no_form_of_accounts_fails_on_bad_input(bad, firm, signed_in):
    client = signed_in(firm.user)
    site, machine = Site.objects.get().pk, Equipment.objects.get().pk
    certificate = EnterpriseCertificate.objects.get().pk
    for address, names in [
        ("/enterprises/new/", form().keys()),
        ("/enterprises/join/", ["uscc"]),
        ("/me/enterprise/", [*form().keys(), "version"]),
        ("/me/members/", ["email", "role"]),
        (f"/me/members/{firm.pk}/role/", ["role"]),
        ("/me/sites/new/", ["name", "region", "floor_area_m2", "workers"]),
        (f"/me/sites/{site}/", ["name", "region", "floor_area_m2", "workers"]),
        (f"/me/sites/{site}/equipment/", ["kind", "size", "count", "built_in"]),
        (f"/me/equipment/{machine}/", ["kind", "size", "count", "built_in", "photo"]),
        ("/me/certificates/new/", ["certification", "number", "issuer", "issued_on", "expires_on"]),
        (f"/me/certificates/{certificate}/", ["number", "issuer", "issued_on", "expires_on"]),
        ("/me/settings/", ["name", "language"]),
        ("/me/acting/", ["enterprise"]),
    ]:
        assert client.post(address, dict.fromkeys(names, bad)).status_code < 500
        for name in names:
            answer = client.post(address, form(name=bad) | {name: bad})
            assert answer.status_code < 500
            assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "f" * 64, "🦀", "a" * 3000])
def test_a_made_up_invitation_is_not_there(token, signed_in):
    assert signed_in(UserFactory()).get(f"/invitations/{token}/").status_code == 404


def test_an_invitation_is_read_accepted_once_and_then_over(signed_in):
    owner = MembershipFactory()
    invitation = invite_member(
        enterprise=owner.enterprise, actor=owner.user, email="invited@example.com", role=Role.EDITOR
    )
    address = f"/invitations/{token_of(invitation)}/"
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    client = signed_in(UserFactory(email="invited@example.com"))

    page = client.get(address)
    assert owner.enterprise.name in page.content.decode()
    assert client.post(address)["Location"] == "/me/"
    assert client.session["acting_enterprise"] == owner.enterprise.key
    assert client.post(address).status_code == 409


def test_inviting_by_the_page_leaves_a_task_for_the_worker(signed_in, firm):
    answer = signed_in(firm.user).post("/me/members/", {"email": "new@example.com", "role": "editor"})

    assert answer["Location"] == "/me/members/"
    assert list(DBTaskResult.objects.values_list("task_path", flat=True)) == ["accounts.tasks.mail_notices"]


def test_viewers_see_members_but_neither_requests_nor_forms(signed_in, firm):
    viewer = MembershipFactory(enterprise=firm.enterprise, viewer=True)

    page = signed_in(viewer.user).get("/me/members/").content.decode()

    assert firm.user.email in page
    assert "invited-" not in page
    assert 'name="email"' not in page


def test_edit_shows_both_texts_when_somebody_was_faster(signed_in, firm):
    client = signed_in(firm.user)
    first = form(name=firm.enterprise.name, version=1, introduction="先保存的文字")
    client.post("/me/enterprise/", first)

    answer = client.post("/me/enterprise/", first | {"introduction": "后保存的文字"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "先保存的文字" in page
    assert "后保存的文字" in page
    again = client.post("/me/enterprise/", first | {"introduction": "后保存的文字", "version": 2})
    assert again.status_code == 302
    assert Enterprise.objects.get(pk=firm.enterprise.pk).introduction == "后保存的文字"


def test_editors_read_the_profile_but_cannot_save_it(signed_in, firm):
    editor = signed_in(MembershipFactory(enterprise=firm.enterprise, editor=True).user)

    assert editor.post("/me/enterprise/", form(version=1)).status_code == 403


def test_an_enterprise_page_names_what_everybody_may_know_and_nothing_more(firm):
    aliased = PostingFactory(enterprise=firm.enterprise, visibility="alias", title="示例匿名需求")
    draft = PostingFactory(enterprise=firm.enterprise, draft=True, title="示例草稿")
    named = PostingFactory(enterprise=firm.enterprise, title="示例公开需求")
    certificate = EnterpriseCertificate.objects.get()

    page = Client().get(f"/enterprises/{firm.enterprise.key}/").content.decode()

    assert named.title in page
    for hidden in (
        aliased.title,
        draft.title,
        firm.enterprise.alias,
        firm.enterprise.contact.phone,
        firm.enterprise.contact.email,
        certificate.number,
        firm.enterprise.address,
        firm.user.email,
        firm.enterprise.uscc,
    ):
        assert hidden not in page


def test_an_enterprise_page_lists_no_alias_posting_even_to_its_owner(signed_in, firm):
    PostingFactory(enterprise=firm.enterprise, visibility="alias", title="示例匿名需求")

    assert "示例匿名需求" not in signed_in(firm.user).get(f"/enterprises/{firm.enterprise.key}/").content.decode()


@pytest.mark.parametrize("trait", ["suspended", "unclaimed"])
def test_the_page_of_a_firm_that_is_not_shown_is_not_there(trait):
    assert Client().get(f"/enterprises/{EnterpriseFactory(**{trait: True}).key}/").status_code == 404
    assert Client().get("/enterprises/ABCDEFGHJK/").status_code == 404


def test_a_firm_that_is_not_verified_carries_the_mark():
    assert "tag-warn" in Client().get(f"/enterprises/{EnterpriseFactory(unverified=True).key}/").content.decode()
    assert "tag-warn" not in Client().get(f"/enterprises/{EnterpriseFactory().key}/").content.decode()


def test_evidence_comes_as_a_download_that_no_browser_runs(signed_in, firm):
    CertificationFactory(code="XC1")
    client = signed_in(firm.user)
    paper = SimpleUploadedFile("x.html", PDF)
    client.post(
        "/me/certificates/new/", {"certification": "XC1", "number": "A1", "issuer": "示例机构", "evidence": paper}
    )
    kept = EnterpriseCertificate.objects.get(number="A1")

    answer = client.get(f"/me/certificates/{kept.pk}/evidence/")

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(MembershipFactory().user).get(f"/me/certificates/{kept.pk}/evidence/").status_code == 404
    admin = UserFactory(platform_admin=True, totp=True)
    assert signed_in(admin).get(f"/me/certificates/{kept.pk}/evidence/").status_code == 200
    looks = Change.objects.filter(verb=Verb.SEEN).values_list("thing", "thing_key", "actor", "facts__part")
    assert list(looks) == [("enterprisecertificate", "A1", admin.pk, "evidence")]
    opened = signed_in(admin).get(f"/manage/accounts/enterprisecertificate/{kept.pk}/change/")
    assert f'href="/me/certificates/{kept.pk}/evidence/"' in opened.content.decode()


def test_a_script_named_like_a_paper_is_refused_in_the_form(signed_in, firm):
    CertificationFactory(code="XC1")
    paper = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>", content_type="application/pdf")

    answer = signed_in(firm.user).post(
        "/me/certificates/new/", {"certification": "XC1", "issuer": "示例机构", "evidence": paper}
    )

    assert answer.status_code == 422
    assert "PDF, PNG, JPEG" in answer.content.decode()


def test_acting_for_another_enterprise_needs_a_membership(signed_in, firm):
    second = MembershipFactory(user=firm.user)
    client = signed_in(firm.user)

    assert client.post("/me/acting/", {"enterprise": second.enterprise.key})["Location"] == "/me/"
    assert second.enterprise.name in client.get("/me/members/").content.decode()
    assert client.post("/me/acting/", {"enterprise": EnterpriseFactory().key}).status_code == 404
    left = MembershipFactory(user=firm.user, former=True)
    assert client.post("/me/acting/", {"enterprise": left.enterprise.key}).status_code == 404


def test_verification_is_asked_for_from_the_workbench(signed_in):
    owner = MembershipFactory(enterprise__unverified=True)
    client = signed_in(owner.user)

    assert 'action="/me/enterprise/verification/"' in client.get("/me/").content.decode()
    client.post("/me/enterprise/verification/")
    assert 'action="/me/enterprise/verification/"' not in client.get("/me/").content.decode()
    assert client.post("/me/enterprise/verification/").status_code == 409


def test_asking_to_join_too_often_is_stopped_with_a_word(signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {"join_enterprise": "2/d/user"}
    client = signed_in(UserFactory())

    answers = [client.post("/enterprises/join/", {"uscc": CODE}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 'class="app-bar"' in answers[2].content.decode()


def test_the_state_of_a_certificate_or_firm_cannot_be_set_by_a_form(signed_in):
    owner = MembershipFactory(enterprise__unverified=True)
    certificate = EnterpriseCertificateFactory(enterprise=owner.enterprise, number="A1")
    client = signed_in(owner.user)
    more = {"state": "checked", "verification": "verified", "hold_reason": "", "checked_by": owner.user.pk}

    client.post(f"/me/certificates/{certificate.pk}/", {"number": "A2", "issuer": "示例机构"} | more)
    client.post("/me/enterprise/", form(version=1, uscc=sample_uscc(1)) | more | {"is_sample": "", "suspended_at": ""})

    certificate.refresh_from_db()
    fresh = Enterprise.objects.get(pk=owner.enterprise.pk)
    assert (certificate.number, certificate.state) == ("A2", "claimed")
    assert (fresh.version, fresh.verification, fresh.uscc) == (2, "unverified", owner.enterprise.uscc)


@pytest.mark.parametrize("address", ["/enterprises/new/", "/me/enterprise/", "/me/settings/"])
def test_a_body_of_ten_megabytes_is_refused_in_words(address, signed_in, firm):
    answer = signed_in(firm.user).post(address, "introduction=" + "x" * 10 * 1024 * 1024, URLENCODED)

    assert answer.status_code == 413
    assert 'class="app-bar"' in answer.content.decode()


def test_registering_names_everything_that_is_wrong_at_once(signed_in):
    wrong = form(uscc="91510100MA00000000", contact_phone="abc", name="", region="")

    page = signed_in(UserFactory()).post("/en/enterprises/new/", wrong).content.decode()

    summary = page.split('class="error-summary"')[1].split("</div>")[0]
    assert re.findall(r'href="#id_(\w+)"', summary) == ["uscc", "name", "region", "contact_phone"]
    assert "Fill in: Registered name" in summary
    assert "Choose: Region of the seat" in summary
