"""Drafts keep everything; what does not fit is named by field; the slower of two editors is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Change
from common.errors import Invalid, Refused, Stale
from common.reasons import Reason
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting, PostingContact
from matchmaking.postings.services.drafting import copy_posting, delete_draft, lift_contact, save_draft
from reference.models import ChainNode
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import (
    PostingCertificateFactory,
    PostingContactFactory,
    PostingFactory,
    PostingParameterFactory,
)
from tests.factories.reference import CertificationFactory, ParameterFactory

pytestmark = pytest.mark.django_db
WHOLE = {
    "title": "减震器 3,000 件/月",
    "subject": "component",
    "node": "AUTO.CHASSIS.SUSP",
    "region": "500116",
    "quantity": Decimal(3000),
    "unit": "件",
    "period": "month",
}


@pytest.fixture
def editor():
    return MembershipFactory(role=Role.EDITOR)


def begun(member, **values):
    return save_draft(actor=member.user, enterprise=member.enterprise, direction=Direction.NEED, values=values)


def test_save_draft_takes_codes_and_texts_and_records_it(editor):
    posting = begun(editor, **WHOLE, window_start=date(2027, 1, 1), window_end=date(2027, 2, 14))

    kept = Posting.objects.get(pk=posting.pk)
    assert (kept.status, kept.node.code, kept.region.code, kept.unit.code, kept.quantity_amount) == (
        Status.DRAFT,
        "AUTO.CHASSIS.SUSP",
        "500116",
        "PCS",
        Decimal(3000),
    )
    assert list(Change.objects.values_list("thing", "thing_key", "verb")) == [("posting", posting.number, "created")]


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"title": "x" * 121}, "title", Reason.REFUSAL_TOO_LONG),
        ({"text": "x" * 8001}, "text", Reason.REFUSAL_TOO_LONG),
        ({"subject": "cars"}, "subject", Reason.REFUSAL_UNKNOWN_CODE),
        ({"node": "NO.SUCH"}, "node", Reason.REFUSAL_UNKNOWN_CODE),
        ({"unit": "furlong"}, "unit", Reason.REFUSAL_UNKNOWN_CODE),
        ({"region": "999999"}, "region", Reason.REFUSAL_UNKNOWN_CODE),
        ({"region": "500105"}, "region", Reason.REFUSAL_REGION_CLOSED),
        ({"regions_allowed": ["500116", "500112"]}, "regions_allowed", Reason.REFUSAL_REGION_CLOSED),
        ({"quantity": Decimal(-1)}, "quantity", Reason.REFUSAL_NOT_POSITIVE),
        ({"quantity": Decimal(0)}, "quantity", Reason.REFUSAL_NOT_POSITIVE),
        ({"quantity": Decimal("1e15")}, "quantity", Reason.REFUSAL_TOO_LARGE),
        ({"quantity": Decimal("NaN")}, "quantity", Reason.REFUSAL_TOO_LARGE),
        ({"quantity": Decimal("Infinity")}, "quantity", Reason.REFUSAL_TOO_LARGE),
        ({"quantity": Decimal("-Infinity")}, "quantity", Reason.REFUSAL_TOO_LARGE),
        ({"price_max": Decimal("Infinity")}, "price_max", Reason.REFUSAL_TOO_LARGE),
        ({"text": "word " * 10_000}, "text", Reason.REFUSAL_TOO_LONG),
        ({"parameters": [{"parameter": "workers", "value": "NaN"}]}, "parameters", Reason.REFUSAL_NOT_A_NUMBER),
        ({"parameters": [{"parameter": "workers", "value": "inf"}]}, "parameters", Reason.REFUSAL_NOT_A_NUMBER),
        ({"radius_km": Decimal("2.5")}, "radius_km", Reason.REFUSAL_NOT_A_NUMBER),
        ({"radius_km": Decimal(4000)}, "radius_km", Reason.REFUSAL_LIMIT_REACHED),
        ({"price_min": Decimal(9), "price_max": Decimal(8)}, "price_max", Reason.REFUSAL_BAND_REVERSED),
        (
            {"window_start": date(2027, 2, 1), "window_end": date(2027, 1, 1)},
            "window_end",
            Reason.REFUSAL_WINDOW_REVERSED,
        ),
        ({"certificates": [("NONE", True)]}, "certificates", Reason.REFUSAL_UNKNOWN_CODE),
        ({"parameters": [{"parameter": "workers", "value": "many"}]}, "parameters", Reason.REFUSAL_NOT_A_NUMBER),
        ({"parameters": [{"parameter": "nothing", "value": Decimal(1)}]}, "parameters", Reason.REFUSAL_UNKNOWN_CODE),
        ({"contact_email": "nobody"}, "contact_email", Reason.REFUSAL_NOT_A_MAIL),
    ],
)
def test_save_draft_names_the_field_that_does_not_fit_and_changes_nothing(editor, values, field, reason):
    with pytest.raises(Invalid) as problem:
        begun(editor, **values)

    assert list(problem.value.fields) == [field]
    assert problem.value.fields[field] == reason
    assert (Posting.objects.count(), Change.objects.count()) == (0, 0)


def test_save_draft_refuses_a_node_that_was_retired_and_takes_a_million_millions(editor):
    ChainNode.objects.filter(code="EQUIP.PROC.CNC").update(retired_on=date(2026, 1, 1))

    with pytest.raises(Invalid) as problem:
        begun(editor, node="EQUIP.PROC.CNC")

    assert problem.value.fields == {"node": Reason.REFUSAL_UNKNOWN_CODE}
    assert begun(editor, quantity=Decimal(10**12)).quantity_amount == 10**12


def test_save_draft_names_the_successor_of_a_closed_region(editor):
    with pytest.raises(Invalid) as problem:
        begun(editor, region="500112")

    assert problem.value.facts["region"] == {"successor": "两江新区", "code": "500157"}


def test_save_draft_keeps_as_typed_what_does_not_fit_a_draft(editor):
    typed = {"quantity": "about 8000", "window_end": "2026-02-31", "region": "500105", "title": "Gears"}

    posting = save_draft(
        actor=editor.user,
        enterprise=editor.enterprise,
        direction=Direction.NEED,
        values={"title": "Gears", "region": "500105"},
        typed=typed,
    )

    kept = Posting.objects.get(pk=posting.pk)
    assert kept.unread_texts == {"quantity": "about 8000", "window_end": "2026-02-31", "region": "500105"}
    assert (kept.title, kept.region, kept.quantity_amount) == ("Gears", None, None)


def test_save_draft_forgets_kept_texts_once_they_can_be_read(editor):
    posting = PostingFactory(draft=True, enterprise=editor.enterprise, unread_texts={"quantity": "about 8000"})

    save_draft(actor=editor.user, posting=posting, values={"quantity": Decimal(8000)})

    assert Posting.objects.get(pk=posting.pk).unread_texts == {}


def test_save_draft_twice_with_the_same_changes_nothing(editor):
    posting = begun(editor, **WHOLE)

    again = save_draft(actor=editor.user, posting=posting, values=WHOLE)

    assert again.version == posting.version == 1
    assert Change.objects.count() == 1


def test_save_draft_tells_the_slower_of_two_editors(editor):
    posting = PostingFactory(enterprise=editor.enterprise)
    save_draft(actor=editor.user, posting=posting, values={"title": "First"}, seen_version=1)

    with pytest.raises(Stale) as stale:
        save_draft(actor=editor.user, posting=posting, values={"title": "Second"}, seen_version=1)

    assert (stale.value.seen, stale.value.current) == (1, 2)
    assert Posting.objects.get(pk=posting.pk).title == "First"


def test_save_draft_cleans_control_signs_and_keeps_markup_as_text(editor):
    posting = begun(editor, title="Gear\u202e\u0000 <b>blanks</b>", text="a\r\nb\x07")

    assert (posting.title, posting.text) == ("Gear <b>blanks</b>", "a\nb")


def test_save_draft_notes_the_language_of_the_text(editor):
    assert begun(editor, title="Gear blanks").language == "en"
    assert begun(editor, title="齿轮毛坯 blanks").language == "zh-hans"


def test_save_draft_writes_parts_once_however_often_it_is_saved(editor):
    paper, parameter, rival = CertificationFactory(), ParameterFactory(), EnterpriseFactory()
    values = WHOLE | {
        "certificates": [(paper.code, False), (paper.code, True)],
        "parameters": [{"parameter": parameter.code, "operator": "le", "value": Decimal("2.5"), "is_must": False}],
        "hidden_from": [rival.uscc],
        "regions_allowed": ["500116", "510700"],
        "contact_person": "李敏",
    }

    posting = begun(editor, **values)
    save_draft(actor=editor.user, posting=posting, values=values)

    assert list(posting.required_certificates.values_list("certification__code", "is_must")) == [(paper.code, True)]
    assert list(posting.parameters.values_list("parameter__code", "operator", "number", "is_must")) == [
        (parameter.code, "le", Decimal("2.5"), False)
    ]
    assert list(posting.hidden_from.all()) == [rival]
    assert sorted(posting.regions_allowed.values_list("code", flat=True)) == ["500116", "510700"]
    assert posting.contact.person == "李敏"
    assert Change.objects.count() == 1


def test_save_draft_keeps_a_published_posting_complete(editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    with pytest.raises(Invalid) as problem:
        save_draft(actor=editor.user, posting=posting, values={"title": ""})

    assert problem.value.fields == {"title": Reason.REFUSAL_REQUIRED}
    assert Posting.objects.get(pk=posting.pk).title == posting.title


def test_save_draft_refuses_contact_data_in_what_others_see(editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    with pytest.raises(Refused) as refusal:
        save_draft(actor=editor.user, posting=posting, values={"text": "电话 13812345678"})

    assert refusal.value.reason == Reason.REFUSAL_CONTACT_IN_TEXT
    assert Posting.objects.get(pk=posting.pk).text == posting.text


def test_save_draft_refuses_less_than_is_agreed_already(editor):
    posting = PostingFactory(enterprise=editor.enterprise, reserved_amount=Decimal(500))

    with pytest.raises(Invalid) as problem:
        save_draft(actor=editor.user, posting=posting, values={"quantity": Decimal(499)})

    assert problem.value.fields == {"quantity": Reason.REFUSAL_BELOW_AGREED}


def test_save_draft_refuses_an_own_number_used_before(editor):
    begun(editor, **WHOLE, external_key="A-1")

    with pytest.raises(Invalid) as problem:
        begun(editor, **WHOLE, external_key="A-1")

    assert problem.value.fields == {"external_key": Reason.REFUSAL_ALREADY_THERE}


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_save_draft_refuses_those_who_may_not_write(role):
    posting = PostingFactory(draft=True)
    other = MembershipFactory(enterprise=posting.enterprise, role=role) if role else MembershipFactory()

    with pytest.raises(Refused) as refusal:
        save_draft(actor=other.user, posting=posting, values={"title": "Mine"})

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert Change.objects.count() == 0


def test_save_draft_refuses_suspended_enterprises():
    member = MembershipFactory(role=Role.OWNER, enterprise__suspended_at=timezone.now())

    with pytest.raises(Refused) as refusal:
        begun(member, **WHOLE)

    assert refusal.value.reason == Reason.REFUSAL_SUSPENDED


def test_save_draft_refuses_a_closed_posting(editor):
    posting = PostingFactory(enterprise=editor.enterprise, closed=True)

    with pytest.raises(Refused) as refusal:
        save_draft(actor=editor.user, posting=posting, values={"title": "Again"})

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_lift_contact_moves_it_out_of_title_and_text(editor):
    posting = PostingFactory(
        draft=True, enterprise=editor.enterprise, title="毛坯 13812345678", text="邮箱：li@example.com\n长期合作"
    )

    lift_contact(posting=posting, actor=editor.user)

    kept = Posting.objects.get(pk=posting.pk)
    assert (kept.title, kept.text) == ("毛坯", "长期合作")
    assert (kept.contact.phone, kept.contact.email) == ("13812345678", "li@example.com")


def test_copy_posting_says_the_same_in_a_new_draft(editor):
    source = PostingFactory(
        enterprise=editor.enterprise,
        closed=True,
        external_key="A-1",
        reserved_amount=Decimal(10),
        open_interest_count=4,
    )
    paper = PostingCertificateFactory(posting=source, is_must=False)
    part = PostingParameterFactory(posting=source)
    PostingContactFactory(posting=source, person="李敏")

    copy = copy_posting(posting=source, actor=editor.user)

    assert (copy.status, copy.title, copy.external_key, copy.window_end) == (Status.DRAFT, source.title, "", None)
    assert (copy.reserved_amount, copy.open_interest_count, copy.published_at) == (0, 0, None)
    assert list(copy.required_certificates.values_list("certification", "is_must")) == [(paper.certification_id, False)]
    assert list(copy.parameters.values_list("parameter", "number")) == [(part.parameter_id, part.number)]
    assert PostingContact.objects.get(posting=copy).person == "李敏"


def test_delete_draft_removes_it_and_records_it(editor):
    draft = PostingFactory(draft=True, enterprise=editor.enterprise)
    PostingContactFactory(posting=draft)

    delete_draft(posting=draft, actor=editor.user)

    assert Posting.objects.count() == 0
    assert list(Change.objects.values_list("thing_key", "verb")) == [(draft.number, "deleted")]


def test_delete_draft_refuses_what_others_have_seen(editor):
    posting = PostingFactory(paused=True, enterprise=editor.enterprise)

    with pytest.raises(Refused) as refusal:
        delete_draft(posting=posting, actor=editor.user)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
    assert Posting.objects.count() == 1


def test_quantity_band_follows_the_quantity_by_itself():
    posting = PostingFactory(quantity_amount=Decimal(8000))
    Posting.objects.filter(pk=posting.pk).update(quantity_amount=Decimal("0.5"))

    posting.refresh_from_db()

    assert (posting.quantity_band, PostingFactory(quantity_amount=Decimal(10)).quantity_band) == (0, 3)


def test_window_may_stay_open_at_either_end(editor):
    day = timezone.localdate() + timedelta(days=9)

    assert begun(editor, **WHOLE, window_start=day, window_end=None).window.end is None
