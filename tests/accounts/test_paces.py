"""Mails at the pace that each reader chose, stopped by one press, tried again with pauses, given up and revived."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.choices import TOPICS, NoticeKind, Pace, Topic, topic_of
from accounts.models import Change, Notice, User
from accounts.services.mailing import FIRST_WAIT, GROWS, MOST_TRIES, Sent, mail_digests, mail_pending, retry_mail
from accounts.services.notices import notify_members, notify_user
from accounts.services.paces import choose_paces, stop_mails_by_link, stop_token
from common.errors import Invalid, Refused
from common.reasons import Reason
from config.management.commands.nightly import STEPS
from tests.factories.accounts import InvitationFactory, MembershipFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def told(person, kind=NoticeKind.INTRODUCED, key="k"):
    return notify_user(user=person, kind=kind, key=key, route="web:partnerships:list")


def choosing(pace, topic=Topic.INTERESTS, **traits):
    person = UserFactory(**traits)
    choose_paces(person=person, actor=person, paces={topic.value: pace.value})
    person.refresh_from_db()
    return person


def test_every_kind_belongs_to_one_topic_and_every_topic_has_one():
    assert {topic_of(kind) for kind in NoticeKind} == set(Topic)
    assert topic_of(NoticeKind.PERSON_AGREED) == Topic.INTERESTS
    assert topic_of(NoticeKind.JOIN_REQUESTED) == Topic.ENTERPRISE
    assert list(TOPICS)[-1] == Topic.ENTERPRISE


def test_a_daily_reader_gets_one_mail_about_all_facts_once():
    person = choosing(Pace.DAILY, english=True)
    for key in ("a", "b"):
        told(person, key=key)
    told(person, NoticeKind.QUOTE_RECEIVED)

    assert mail_pending() == Sent(1, 0)
    assert (mail_digests(on=TUESDAY), mail_digests(on=TUESDAY), mail_pending()) == (Sent(1, 0), Sent(0, 0), Sent(0, 0))

    digest = mail.outbox[-1]
    assert digest.subject == "2 notices wait for you"
    assert len(re.findall(r"/en/me/notices/\d+/", digest.body)) == 2
    assert not CHINESE.search(digest.subject + digest.body)


def test_a_weekly_reader_is_mailed_on_mondays():
    told(choosing(Pace.WEEKLY))

    assert [mail_digests(on=day) for day in (TUESDAY, MONDAY, MONDAY)] == [Sent(0, 0), Sent(1, 0), Sent(0, 0)]
    assert "1 条通知" in mail.outbox[0].subject


def test_what_was_read_meanwhile_and_what_is_wanted_by_no_mail_is_not_mailed():
    person = choosing(Pace.DAILY)
    Notice.objects.filter(pk=told(person).pk).update(read_at=timezone.now())
    told(choosing(Pace.NEVER))

    assert (mail_pending(), mail_digests(on=MONDAY)) == (Sent(0, 0), Sent(0, 0))


def test_members_are_told_each_at_their_pace():
    owner = MembershipFactory()
    other = MembershipFactory(enterprise=owner.enterprise, user=choosing(Pace.WEEKLY))
    notify_members(enterprise=owner.enterprise, kind=NoticeKind.INTRODUCED, key="k", route="web:partnerships:list")

    paces = dict(Notice.objects.values_list("reader", "pace"))
    assert paces == {owner.user.pk: Pace.AT_ONCE, other.user.pk: Pace.WEEKLY}


def test_what_waits_follows_a_new_choice():
    person = choosing(Pace.DAILY)
    told(person)
    told(person, NoticeKind.QUOTE_RECEIVED)

    choose_paces(person=person, actor=person, paces={Topic.INTERESTS.value: Pace.AT_ONCE.value})

    assert mail_pending() == Sent(2, 0)
    assert Change.objects.filter(thing="user", facts__mail_paces__interests=Pace.AT_ONCE.value).exists()


def test_choices_are_ones_own_and_known():
    person = UserFactory()
    with pytest.raises(Refused):
        choose_paces(person=person, actor=UserFactory(), paces={Topic.DEALS.value: Pace.DAILY.value})
    for paces in ({"gossip": Pace.DAILY.value}, {Topic.DEALS.value: "hourly"}):
        with pytest.raises(Invalid):
            choose_paces(person=person, actor=person, paces=paces)
    assert User.objects.get(pk=person.pk).mail_paces == {}


def headers(message):
    return message.extra_headers["List-Unsubscribe"], message.extra_headers["List-Unsubscribe-Post"]


@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY])
def test_one_click_stops_without_signing_in(client, settings, pace):
    person = choosing(pace, english=True)
    told(person)
    mail_pending()
    mail_digests(on=TUESDAY)
    address, one_click = headers(mail.outbox[0])
    path = address.strip("<>").removeprefix(settings.SITE_ADDRESS)

    assert (one_click, address.strip("<>") in mail.outbox[0].body) == ("List-Unsubscribe=One-Click", True)
    assert client.get(path).status_code == 200
    assert User.objects.get(pk=person.pk).mail_paces.get("interests", "at_once") == pace
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not CHINESE.search(answer.content.decode().split("<main")[1].split("</main")[0])
    assert User.objects.get(pk=person.pk).mail_paces == {"interests": Pace.NEVER}
    told(User.objects.get(pk=person.pk), key="later")
    assert (mail_pending(), mail_digests(on=MONDAY)) == (Sent(0, 0), Sent(0, 0))


@pytest.mark.parametrize("token", ["", "x", "1:deals", "1:deals:x", "0:deals"])
def test_a_made_up_link_stops_nothing(client, token):
    with pytest.raises(Refused) as refusal:
        stop_mails_by_link(token=token)
    assert refusal.value.reason == Reason.REFUSAL_LINK_OVER
    person = UserFactory()
    assert (
        client.post(reverse("web:accounts:stop_mails", args=[stop_token(person, Topic.DEALS) + "x"])).status_code == 409
    )
    assert User.objects.get(pk=person.pk).mail_paces == {}


def failing(monkeypatch):
    def fail(self, messages):
        raise OSError("mailbox on fire")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)


@pytest.mark.parametrize("make", [NoticeFactory, InvitationFactory])
def test_failures_wait_longer_each_time_until_the_mail_is_given_up_and_revived(monkeypatch, make):
    row = make()
    waits = []
    with monkeypatch.context() as patch:
        failing(patch)
        for _ in range(MOST_TRIES):
            before = timezone.now()
            assert (mail_pending(), mail_pending()) == (Sent(0, 1), Sent(0, 0))
            row.refresh_from_db()
            waits.append(row.next_try_at and round((row.next_try_at - before) / FIRST_WAIT))
            type(row).objects.update(next_try_at=None)
        assert waits == [*(GROWS**count for count in range(MOST_TRIES - 1)), None]
        assert (row.given_up_at is not None, row.last_error) == (True, "OSError: mailbox on fire")
        assert mail_pending() == Sent(0, 0)

    with pytest.raises(Refused):
        retry_mail(row=row, actor=UserFactory())
    retry_mail(row=row, actor=UserFactory(platform_admin=True))
    assert (mail_pending(), len(mail.outbox)) == (Sent(1, 0), 1)


def test_a_digest_that_fails_comes_again_whole(monkeypatch):
    person = choosing(Pace.DAILY)
    for key in ("a", "b"):
        told(person, key=key)
    with monkeypatch.context() as patch:
        failing(patch)
        assert mail_digests(on=TUESDAY) == Sent(0, 1)
    assert mail_digests(on=TUESDAY) == Sent(0, 0)

    Notice.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert mail_digests(on=TUESDAY) == Sent(1, 0)
    assert "2 条通知" in mail.outbox[0].subject


def test_the_night_sends_digests(capsys):
    told(choosing(Pace.DAILY))
    call_command("send_digests")

    assert "1" in capsys.readouterr().out
    assert STEPS.index("send_notices") < STEPS.index("send_digests")


def test_given_up_mails_stand_in_the_administration_and_are_tried_again(signed_in):
    client = signed_in(UserFactory(platform_admin=True, totp=True))
    dead = NoticeFactory(given_up_at=timezone.now(), facts={"title": "secret"}, last_error="mailbox on fire")
    NoticeFactory(last_error="still trying")
    page = reverse("admin:accounts_notice_changelist")

    listed = client.get(page).content.decode()
    assert ("mailbox on fire" in listed, "still trying" in listed) == (True, False)
    assert "secret" not in client.get(reverse("admin:accounts_notice_change", args=[dead.pk])).content.decode()
    question = client.post(page, {"action": "try_again", "_selected_action": dead.pk})
    assert str(dead.get_kind_display()) in question.content.decode()
    client.post(page, {"action": "try_again", "_selected_action": dead.pk, "confirmed": "yes"})

    dead.refresh_from_db()
    assert dead.given_up_at is None
    assert client.get(reverse("admin:accounts_invitation_changelist")).status_code == 200
