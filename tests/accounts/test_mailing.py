"""Notices and invitations are mailed once, in the reader's language, without content."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.choices import NoticeKind, Role
from accounts.models import Notice
from accounts.services.invitations import invite_member
from accounts.services.mailing import CLAIMED_FOR, Sent, mail_pending
from accounts.services.notices import notify_members, notify_user, read_all_notices, read_notice
from accounts.services.outbox import take_mail_due
from accounts.tasks import mail_notices
from common.errors import Refused
from common.reasons import Reason
from matchmaking.postings.services.life import expire_postings
from tests.factories.accounts import InvitationFactory, MembershipFactory, NoticeFactory, UserFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_a_notice_is_mailed_once_with_a_link_and_no_content():
    reader = UserFactory(english=True)
    notice = NoticeFactory(reader=reader, facts={"title": "secret title", "note": "secret note"})

    assert (mail_pending(), mail_pending()) == (Sent(1, 0), Sent(0, 0))

    message = mail.outbox[0]
    assert (message.to, message.subject) == ([reader.email], "Your enterprise is verified")
    assert f"/en/me/notices/{notice.pk}/" in message.body
    assert "secret" not in message.body
    assert not CHINESE.search(message.subject + message.body)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_of_notice_makes_a_mail_in_each_language(kind):
    for language in ("zh-hans", "en"):
        NoticeFactory(reader=UserFactory(language=language), kind=kind)

    assert mail_pending() == Sent(2, 0)
    assert "/me/notices/" in mail.outbox[0].body
    assert "/en/me/notices/" in mail.outbox[1].body
    assert not CHINESE.search(mail.outbox[1].subject + mail.outbox[1].body)


def test_a_mail_that_fails_waits_and_does_not_stop_the_others(monkeypatch):
    NoticeFactory(reader=UserFactory(email="broken@example.com"))
    NoticeFactory(reader=UserFactory(email="fine@example.com"))
    send = EmailBackend.send_messages

    def fail_for_one(self, messages):
        if messages[0].to == ["broken@example.com"]:
            raise OSError("mailbox on fire")
        return send(self, messages)

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail_for_one)
        with pytest.raises(CommandError):
            call_command("send_notices", stdout=StringIO())
        assert mail_pending() == Sent(0, 0)

    Notice.objects.update(next_try_at=timezone.now())
    assert mail_pending() == Sent(1, 0)
    assert [message.to for message in mail.outbox] == [["fine@example.com"], ["broken@example.com"]]


def test_a_mail_that_a_killed_worker_had_claimed_is_sent_once_its_claim_is_over(monkeypatch):
    notice = NoticeFactory()

    def die(self, messages):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(KeyboardInterrupt):
            mail_pending()

    assert mail_pending() == Sent(0, 0)
    Notice.objects.filter(pk=notice.pk).update(claimed_at=timezone.now() - CLAIMED_FOR - timedelta(seconds=1))
    assert (mail_pending(), mail_pending()) == (Sent(1, 0), Sent(0, 0))
    assert len(mail.outbox) == 1


def test_people_whose_account_is_closed_get_no_mail():
    NoticeFactory(reader=UserFactory(is_active=False))

    assert mail_pending() == Sent(0, 0)


def test_an_invitation_is_mailed_with_its_link_in_the_language_of_who_knows_us():
    owner = MembershipFactory()
    UserFactory(email="known@example.com", english=True)
    invite_member(enterprise=owner.enterprise, actor=owner.user, email="known@example.com", role=Role.EDITOR)
    invite_member(enterprise=owner.enterprise, actor=owner.user, email="new@example.com", role=Role.EDITOR)
    InvitationFactory(over=True)

    assert mail_pending() == Sent(2, 0)
    assert re.search(r"/en/invitations/[0-9a-f]{64}/", mail.outbox[0].body)
    assert re.search(r":8000/invitations/[0-9a-f]{64}/", mail.outbox[1].body)


def test_the_command_and_the_task_do_the_same():
    NoticeFactory()
    out = StringIO()
    call_command("send_notices", stdout=out)

    assert len(mail.outbox) == 1
    assert "1" in out.getvalue()
    NoticeFactory()
    assert mail_notices.func() == {"sent": 1, "failed": 0}


def test_notify_members_tells_each_member_one_fact_once():
    owner = MembershipFactory()
    MembershipFactory(enterprise=owner.enterprise, viewer=True)
    told = {
        "enterprise": owner.enterprise,
        "kind": NoticeKind.INTRODUCED,
        "key": "one",
        "route": "web:partnerships:list",
    }

    notify_members(**told)
    notify_members(**told)

    notice = Notice.objects.get()
    assert (notice.reader, notice.facts) == (owner.user, {"enterprise": owner.enterprise.key})
    assert (take_mail_due(), take_mail_due()) == (True, False)


def test_notify_user_tells_one_person_once():
    person = UserFactory()
    for _ in range(2):
        notify_user(user=person, kind=NoticeKind.JOIN_REFUSED, key="k", route="web:accounts:workbench")

    assert Notice.objects.filter(reader=person).count() == 1


def test_a_notice_is_read_by_its_reader_alone():
    notice = NoticeFactory()
    NoticeFactory(reader=notice.reader)

    with pytest.raises(Refused) as refusal:
        read_notice(notice=notice, actor=UserFactory())
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    with pytest.raises(Refused):
        read_all_notices(actor=UserFactory(), reader=notice.reader)
    read_notice(notice=notice, actor=notice.reader)
    assert Notice.objects.unread().count() == 1
    assert read_all_notices(actor=notice.reader, reader=notice.reader) == 1


def test_a_request_to_confirm_leads_to_the_act_that_needs_no_sign_in(client, settings):
    posting = PostingFactory(confirmed_on=days_from_today(-31))
    reader = MembershipFactory(enterprise=posting.enterprise).user
    expire_postings()
    mail_pending()

    address = re.search(rf"{re.escape(settings.SITE_ADDRESS)}(\S+)", mail.outbox[0].body)[1]
    looked = client.get(address)
    posting.refresh_from_db()
    untouched = posting.confirmed_on
    client.post(address)
    posting.refresh_from_db()

    assert (mail.outbox[0].to, looked.status_code) == ([reader.email], 200)
    assert (untouched, posting.confirmed_on) == (days_from_today(-31), days_from_today(0))


def test_the_sender_carries_the_name_that_the_reader_knows(settings):
    settings.DEFAULT_FROM_EMAIL = "Chuanyu Match <no-reply@chuanyu.example>"
    NoticeFactory(reader=UserFactory(english=True))
    NoticeFactory(reader=UserFactory())

    mail_pending()

    assert [message.from_email for message in mail.outbox] == [
        "Chuanyu Match <no-reply@chuanyu.example>",
        "川渝产业供需对接 <no-reply@chuanyu.example>",
    ]
