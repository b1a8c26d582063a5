"""Acts of coordinators by their forms: contact data for a reason that the firm reads, reminders, notes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from accounts.choices import NoticeKind, Verb
from accounts.models import Change, Notice
from accounts.services.mailing import mail_pending
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.models import CoordinationNote
from reference.models import Region
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseContactFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingContactFactory, PostingFactory

pytestmark = pytest.mark.django_db
CANARIES = ("CANARY-PERSON", "13900007777", "canary@example.com")
WHY = "企业多次未答复，电话核实"


@pytest.fixture
def grant():
    made = CoordinatorGrantFactory()
    made.regions.add(Region.objects.get(code="510104"))
    return made


@pytest.fixture
def client(grant, signed_in):
    return signed_in(grant.user)


@pytest.fixture
def need():
    posting = PostingFactory(region=Region.objects.get(code="510104"))
    EnterpriseContactFactory(enterprise=posting.enterprise, person=CANARIES[0], phone=CANARIES[1], email=CANARIES[2])
    return posting


@pytest.fixture
def pair(need):
    made = PartnershipFactory(need=need)
    PartnershipEventFactory(partnership=made)
    return made


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


def address(name, *args):
    return reverse(f"web:coordination:{name}", args=args)


def text(response):
    return response.content.decode()


def looks_of(signed_in, user):
    return text(signed_in(user).get(reverse("web:accounts:looks")))


def test_no_page_shows_contact_data_before_a_reason_is_given(client, need, pair):
    PostingContactFactory(posting=need, person=CANARIES[0], phone=CANARIES[1], email=CANARIES[2])
    pages = [
        *map(address, ("overview", "postings", "partnerships", "export_postings", "export_partnerships")),
        address("posting", need.number),
        address("partnership", pair.key),
        reverse("web:partnerships:detail", args=[pair.key]),
    ]

    for page in pages:
        shown = text(client.get(page))
        assert [canary for canary in CANARIES if canary in shown] == []


def test_contact_data_are_shown_once_for_a_reason_that_the_firm_reads(client, need, owner, grant, signed_in):
    page = client.post(address("posting_contact", need.number), {"reason": WHY})

    assert all(canary in text(page) for canary in CANARIES)
    assert CANARIES[1] not in text(client.get(address("posting", need.number)))
    change = Change.objects.get(verb=Verb.REVEALED)
    assert (change.actor, change.enterprise, change.thing_key) == (grant.user, need.enterprise, need.number)
    notice = Notice.objects.get(reader=owner, kind=NoticeKind.CONTACT_REVEALED)
    assert WHY in text(signed_in(owner).get(reverse("web:accounts:notice", args=[notice.pk]), follow=True))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401])
def test_without_a_sound_reason_nothing_is_shown_or_told(client, need, owner, reason):
    page = client.post(address("posting_contact", need.number), {"reason": reason})

    assert page.status_code == 422
    assert CANARIES[1] not in text(page)
    assert not Change.objects.filter(verb=Verb.REVEALED).exists()
    assert not Notice.objects.filter(reader=owner).exists()


def test_every_member_reads_the_looks_with_role_and_reason_but_no_name(client, need, grant, signed_in):
    client.get(address("posting", need.number))
    client.post(address("posting_contact", need.number), {"reason": WHY})
    viewer = MembershipFactory(enterprise=need.enterprise, viewer=True).user

    page = looks_of(signed_in, viewer)

    assert "协调员" in page or "coordinator" in page
    assert WHY in page
    assert page.count("<tr>") == 3
    assert grant.user.name not in page
    assert grant.user.email not in page


def test_looks_at_a_partnership_are_told_to_both_firms_and_to_no_other(client, pair, signed_in):
    client.get(address("partnership", pair.key))

    for firm in (pair.need.enterprise, pair.capacity.enterprise):
        assert pair.key in looks_of(signed_in, MembershipFactory(enterprise=firm).user)
    assert pair.key not in looks_of(signed_in, MembershipFactory().user)


def test_a_look_of_a_platform_administrator_is_told_too(need, owner, signed_in):
    admin = signed_in(UserFactory(platform_admin=True, totp=True))
    assert admin.get(reverse("admin:postings_posting_change", args=[need.pk])).status_code == 200

    with translation.override("en"):
        page = looks_of(signed_in, owner)

    assert need.title in page


def test_a_coordinator_reads_postings_of_their_own_firm_without_acts_and_without_a_trace(client, grant, need):
    MembershipFactory(user=grant.user, enterprise=need.enterprise)

    page = client.get(address("posting", need.number))

    assert page.status_code == 200
    assert not page.context["may_act"]
    assert client.post(address("posting_contact", need.number), {"reason": WHY}).status_code == 403
    assert not Change.objects.filter(thing="posting").exists()


def test_a_coordinator_who_is_a_side_learns_nothing_at_the_own_table(client, grant, pair):
    MembershipFactory(user=grant.user, enterprise=pair.need.enterprise)

    assert client.get(address("partnership", pair.key)).status_code == 404
    assert pair.key not in text(client.get(address("partnerships")))


def test_a_silent_firm_is_reminded_by_notice_and_mail_once_in_three_days(client, pair, grant):
    asked = MembershipFactory(enterprise=pair.capacity.enterprise).user
    asker = MembershipFactory(enterprise=pair.need.enterprise).user

    assert client.post(address("remind_partnership", pair.key)).status_code == 302
    mail_pending()
    again = client.post(address("remind_partnership", pair.key))

    assert again.status_code == 409
    assert [notice.reader for notice in Notice.objects.filter(kind=NoticeKind.REMINDED)] == [asked]
    assert [message.to for message in mail.outbox] == [[asked.email]]
    assert not Notice.objects.filter(reader=asker).exists()
    change = Change.objects.get(verb=Verb.REMINDED)
    assert (change.actor, change.thing, change.thing_key) == (grant.user, "partnership", pair.key)


def test_after_three_days_the_firm_may_be_reminded_again(client, pair):
    client.post(address("remind_partnership", pair.key))
    Change.objects.filter(verb=Verb.REMINDED).update(happened_at=timezone.now() - timedelta(days=3, minutes=1))

    assert client.post(address("remind_partnership", pair.key)).status_code == 302


def test_another_coordinator_cannot_remind_in_between(client, pair, signed_in):
    client.post(address("remind_partnership", pair.key))

    other = signed_in(CoordinatorGrantFactory().user)

    assert other.post(address("remind_partnership", pair.key)).status_code == 409


def test_nobody_is_reminded_where_nothing_waits(client, need):
    done = PartnershipFactory(need=need, introduced=True)

    assert client.post(address("remind_partnership", done.key)).status_code == 409
    assert client.post(address("remind_posting", need.number)).status_code == 409
    assert not Change.objects.filter(verb=Verb.REMINDED).exists()


def test_the_firm_of_an_unconfirmed_posting_is_reminded(client, need, owner):
    type(need).objects.filter(pk=need.pk).update(confirmed_on=timezone.localdate() - timedelta(days=40))

    assert client.get(address("posting", need.number)).context["may_remind"]
    assert client.post(address("remind_posting", need.number)).status_code == 302
    assert client.post(address("remind_posting", need.number)).status_code == 409
    assert Notice.objects.filter(reader=owner, kind=NoticeKind.REMINDED).count() == 1


def test_notes_are_read_by_coordinators_and_the_platform_and_by_no_firm(client, need, pair, owner, grant, signed_in):
    client.post(address("note_posting", need.number), {"text": "NOTE-ON-POSTING"})
    client.post(address("note_partnership", pair.key), {"text": "NOTE-ON-PARTNERSHIP"})
    things = [(address("posting", need.number), "NOTE-ON-POSTING")]
    things.append((address("partnership", pair.key), "NOTE-ON-PARTNERSHIP"))

    for reader in (grant.user, CoordinatorGrantFactory().user, UserFactory(platform_admin=True, totp=True)):
        for page, note in things:
            assert note in text(signed_in(reader).get(page))
    firm = signed_in(owner)
    for page in (
        reverse("web:partnerships:detail", args=[pair.key]),
        reverse("web:postings:need", args=[need.number]),
        reverse("web:accounts:looks"),
        reverse("web:accounts:workbench"),
    ):
        assert "NOTE-ON" not in text(firm.get(page, follow=True))
    assert list(CoordinationNote.objects.visible_to(owner)) == []
    assert {note.text for note in CoordinationNote.objects.visible_to(grant.user)} == {note for _page, note in things}
    changes = Change.objects.filter(verb=Verb.NOTED)
    assert [(change.actor, change.enterprise) for change in changes] == [(grant.user, None)] * 2


@pytest.mark.parametrize("written", ["", "  ", "x" * 1001])
def test_a_note_without_words_or_too_long_is_told(client, need, pair, written):
    for name, key in (("note_posting", need.number), ("note_partnership", pair.key)):
        assert client.post(address(name, key), {"text": written}).status_code == 422
    assert not CoordinationNote.objects.exists()


def test_the_match_is_told_as_both_sides_were_shown_it(client, pair):
    Suggestion.objects.create(
        posting=pair.need,
        counterpart=pair.capacity,
        channel="page",
        position=1,
        points="83.5",
        grade=4,
        reasons=["fit.node.exact"],
        engine_version="1",
        shown_at=timezone.now(),
    )

    page = text(client.get(address("partnership", pair.key)))

    assert "83.5 / 100" in page
    assert "产业链环节完全一致" in page


def test_who_coordinates_reads_the_steps_with_both_names(client, pair):
    page = text(client.get(address("partnership", pair.key)))

    assert pair.need.enterprise.name in page
    assert pair.capacity.enterprise.name in page
    assert "等待" in page or "Waiting for" in page


def test_the_record_of_changes_in_the_administration_tells_all_acts(client, need, pair, signed_in):
    client.post(address("posting_contact", need.number), {"reason": WHY})
    client.post(address("remind_partnership", pair.key))
    client.post(address("note_posting", need.number), {"text": "示例"})
    admin = signed_in(UserFactory(platform_admin=True, totp=True))

    for verb in (Verb.REVEALED, Verb.REMINDED, Verb.NOTED):
        page = admin.get(reverse("admin:accounts_change_changelist"), {"verb__exact": verb.value})
        assert page.context["cl"].result_count == 1


def test_a_look_from_the_other_doors_of_the_house_is_told_as_well(client, need, pair, owner, signed_in):
    assert client.get(reverse("web:partnerships:detail", args=[pair.key])).status_code == 200
    assert client.get(reverse("web:matching:matches", args=[need.number])).status_code == 200

    assert [(change.thing, change.facts.get("part", "")) for change in Change.objects.filter(verb=Verb.SEEN)] == [
        ("partnership", ""),
        ("partnership", ""),
        ("posting", "suggestions"),
    ]
    signed_in(owner).get(reverse("web:partnerships:detail", args=[pair.key]))
    signed_in(owner).get(reverse("web:matching:matches", args=[need.number]))
    assert Change.objects.filter(verb=Verb.SEEN).count() == 3


@pytest.fixture
def held(need):
    return PostingFactory(region=need.region, in_review=True, enterprise=need.enterprise)


def test_a_flagged_posting_shows_its_next_step_and_is_released(client, held, owner):
    page = client.get(address("posting", held.number))
    assert page.context["may_review"]

    assert f'name="version" value="{held.version}"' in page.content.decode()
    assert client.post(address("release_posting", held.number), {"version": held.version}).status_code == 302
    held.refresh_from_db()
    assert held.status == "published"
    assert Notice.objects.filter(reader=owner, kind=NoticeKind.POSTING_RELEASED).exists()
    assert client.post(address("release_posting", held.number), {"version": held.version}).status_code == 409


@pytest.mark.parametrize("version", ["{seen}", "", "\uff11", "<b>1</b>", "9" * 30])
@pytest.mark.parametrize("name", ["release_posting", "give_back_posting"])
def test_what_was_changed_after_it_was_read_is_shown_again_and_not_decided(client, held, name, version):
    seen = held.version
    held.text, held.version = "\u65b0\u7684\u8bf4\u660e", seen + 1
    held.save()
    sent = {"version": version.format(seen=seen), "reason": "flag.junk", "note": "XTYPED"}

    answer = client.post(address(name, held.number), sent)

    held.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, held.status) == (409, "in_review")
    assert ("\u65b0\u7684\u8bf4\u660e" in page, f'name="version" value="{seen + 1}"' in page) == (True, True)
    assert ("XTYPED" in page) == (name == "give_back_posting")


def test_a_flagged_posting_is_given_back_with_a_reason_and_leaves_the_scope(client, held, owner):
    sent = {"reason": "flag.junk", "note": "请写明材料", "version": held.version}

    assert client.post(address("give_back_posting", held.number), sent).status_code == 302
    held.refresh_from_db()
    assert (held.status, held.hold_reason) == ("draft", "flag.junk")
    assert Notice.objects.filter(reader=owner, kind=NoticeKind.POSTING_REJECTED).exists()
    assert client.get(address("posting", held.number)).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"reason": "flag.junk"}, {"reason": "end.need.withdrawn", "note": "示例"}])
def test_no_posting_is_given_back_without_a_reason_of_the_register_and_words(client, held, sent):
    page = client.post(address("give_back_posting", held.number), sent)

    assert page.status_code == 422
    held.refresh_from_db()
    assert held.status == "in_review"


@pytest.mark.parametrize("name", ["release_posting", "give_back_posting"])
def test_nobody_decides_about_postings_of_their_own_firm_or_outside_the_scope(client, grant, held, name):
    outside = PostingFactory(region=Region.objects.get(code="500153"), in_review=True)
    sent = {"reason": "flag.junk", "note": "示例"}
    assert client.post(address(name, outside.number), sent).status_code == 404

    MembershipFactory(user=grant.user, enterprise=held.enterprise)
    assert client.post(address(name, held.number), sent).status_code == 403
    assert not client.get(address("posting", held.number)).context["may_review"]
