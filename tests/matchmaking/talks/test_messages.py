"""Messages: who may write and read in which state, what is refused, what is told, and what nobody else learns."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import CONSENTED, State
from matchmaking.partnerships.models import Partnership
from matchmaking.talks.models import LONGEST_MESSAGE, Message, ReadMark
from matchmaking.talks.permissions import can_read_thread, can_write_in_thread
from matchmaking.talks.queries.threads import found_messages, messages_shown, threads_of
from matchmaking.talks.services.messages import read_thread, send_message
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
WORDS = "卡钳安装面请留 2.5 mm 余量"


@pytest.fixture
def pair():
    return talks()


def say(pair, who="buyer", text=WORDS):
    return send_message(partnership=pair.now, actor=getattr(pair, who), text=text)


def unread(user, firm):
    return [row.unread for row in threads_of(user=user, enterprise=firm)]


def person(pair, role):
    """Somebody of each role that the platform knows."""
    firm = pair.partnership.need.enterprise
    made = {
        "owner": lambda: MembershipFactory(enterprise=firm).user,
        "editor": lambda: MembershipFactory(enterprise=firm, editor=True).user,
        "viewer": lambda: MembershipFactory(enterprise=firm, viewer=True).user,
        "requested": lambda: MembershipFactory(enterprise=firm, requested=True).user,
        "former": lambda: MembershipFactory(enterprise=firm, former=True).user,
        "other_side": lambda: pair.seller,
        "other_firm": lambda: MembershipFactory().user,
        "coordinator": lambda: CoordinatorGrantFactory().user,
        "park_admin": lambda: ParkAdministratorFactory().user,
        "platform_admin": lambda: UserFactory(platform_admin=True),
        "user": lambda: UserFactory(),
        "visitor": AnonymousUser,
    }
    return made[role]()


MAY = {
    "owner": (True, True),
    "editor": (True, True),
    "viewer": (True, False),
    "requested": (False, False),
    "former": (False, False),
    "other_side": (True, True),
    "other_firm": (False, False),
    "coordinator": (False, False),
    "park_admin": (False, False),
    "platform_admin": (False, False),
    "user": (False, False),
    "visitor": (False, False),
}


@pytest.mark.parametrize("role", MAY)
def test_who_reads_and_who_writes(pair, role):
    say(pair)
    user, row = person(pair, role), pair.now
    may = bool(can_read_thread(user, row)), bool(can_write_in_thread(user, row))
    assert may == MAY[role]
    assert messages_shown(user=user, partnership=row).count() == int(MAY[role][0])


@pytest.mark.parametrize("state", State)
def test_words_go_over_while_both_agree_to_talk(state):
    reason = {"end_reason": "end.partnership.price"} if state == State.FAILED else {}
    pair = talks(PartnershipFactory(state=state, **reason))
    if state in CONSENTED:
        assert say(pair).text == WORDS
        return
    with pytest.raises(Refused) as refusal:
        say(pair)
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
    assert not Message.objects.exists()


def test_after_an_end_both_read_on_and_nobody_writes(pair):
    say(pair)
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    assert can_read_thread(pair.seller, pair.now)
    assert not can_write_in_thread(pair.seller, pair.now)


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_nobody_writes_to_or_from_a_suspended_firm(pair, side):
    firm = getattr(pair.partnership, side).enterprise
    firm.suspended_at = firm.created_at
    firm.save()
    with pytest.raises(Refused) as refusal:
        say(pair)
    assert refusal.value.reason == Reason.REFUSAL_SUSPENDED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.REFUSAL_REQUIRED),
        (" \n\t ", Reason.REFUSAL_REQUIRED),
        ("\u200b\u202e\x00\x07", Reason.REFUSAL_REQUIRED),
        ("字" * (LONGEST_MESSAGE + 1), Reason.REFUSAL_TOO_LONG),
    ],
)
def test_bad_words_are_refused_at_their_field_and_nothing_is_kept(pair, text, reason):
    with pytest.raises(Invalid) as refusal:
        say(pair, text=text)
    assert refusal.value.fields == {"text": reason}
    assert (Message.objects.count(), Notice.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_control_and_direction_characters_are_left_out_and_lines_are_kept(pair):
    assert say(pair, text="a\x00b\u202ec\r\nd" + "字" * 10).text == "abc\nd" + "字" * 10


def test_the_longest_message_is_taken(pair):
    assert len(say(pair, text="字" * LONGEST_MESSAGE).text) == LONGEST_MESSAGE


def test_the_other_firm_is_told_without_a_word_of_it_and_once_until_it_answers(pair):
    say(pair)
    say(pair, text="补充一句")
    told = Notice.objects.filter(kind=NoticeKind.MESSAGE_RECEIVED)
    assert [notice.reader for notice in told] == [pair.seller]
    assert WORDS not in str(told[0].facts)
    say(pair, "seller", "收到")
    say(pair, text="再问")
    assert told.filter(reader=pair.seller).count() == 2
    assert told.filter(reader=pair.buyer).count() == 1


def test_the_record_names_the_writer_to_their_own_firm_only_and_holds_no_word(pair):
    message = say(pair)
    lines = {line.enterprise: line for line in Change.objects.filter(thing="message", thing_key=message.key)}
    assert lines[pair.partnership.need.enterprise].actor == pair.buyer
    assert lines[pair.partnership.capacity.enterprise].actor is None
    assert WORDS not in str([line.facts for line in lines.values()])


def test_reading_counts_down_for_the_reader_alone(pair):
    for text in ("一", "二", "三"):
        say(pair, text=text)
    firm = pair.partnership.capacity.enterprise
    colleague = MembershipFactory(enterprise=firm, viewer=True).user
    assert unread(pair.seller, firm) == [3]
    assert unread(pair.buyer, pair.partnership.need.enterprise) == [0]
    read_thread(partnership=pair.now, actor=pair.seller)
    assert (unread(pair.seller, firm), unread(colleague, firm)) == ([0], [3])
    say(pair, text="四")
    assert unread(pair.seller, firm) == [1]
    read_thread(partnership=pair.now, actor=pair.seller)
    assert ReadMark.objects.filter(reader=pair.seller).count() == 1


def test_an_empty_thread_leaves_no_mark(pair):
    assert read_thread(partnership=pair.now, actor=pair.seller) == 0
    assert not ReadMark.objects.exists()


def test_a_search_finds_every_word_in_ones_own_threads_only(pair):
    other = talks()
    say(other)
    say(pair)
    firm = pair.partnership.need.enterprise

    def hits(words, user=pair.buyer):
        return found_messages(user=user, enterprise=firm, words=words).count()

    assert (hits("余量"), hits("MM 余量"), hits("余量 无此"), hits(""), hits("%"), hits("_" * 500)) == (
        1,
        1,
        0,
        0,
        0,
        0,
    )
    assert hits("余量", other.buyer) == 0


def test_who_belongs_to_both_firms_writes_for_the_one_they_act_for(pair):
    MembershipFactory(enterprise=pair.partnership.capacity.enterprise, user=pair.buyer)
    for side in ("need", "capacity"):
        firm = getattr(pair.partnership, side).enterprise
        assert send_message(partnership=pair.now, actor=pair.buyer, text="x", enterprise=firm).side == side
