"""A firm under a flood of requests, by its own system: no new ones until a day, several declined in one call."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries import queueing
from matchmaking.partnerships.tasks import let_waiting_in_after
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def capacity(partner):
    return PostingFactory(capacity=True, enterprise=partner.enterprise)


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_no_new_requests_until_a_day_told_to_whoever_asks(partner, capacity, make_partner):
    asker = make_partner()
    need = PostingFactory(enterprise=asker.enterprise)
    done = partner.ask(f"postings/{capacity.number}/busy/", "POST", {"until": in_days(10)})
    assert (done.status_code, done.json()["busy_until"]) == (200, in_days(10))
    assert asker.ask(f"postings/{capacity.number}/").json()["busy_until"] == in_days(10)
    told = {"posting": need.number, "counterpart": capacity.number}
    refused = asker.ask("partnerships/", "POST", told)
    assert (refused.status_code, refused.json()["code"]) == (409, "refusal.busy_until")
    assert in_days(10) in refused.content.decode()
    ended = partner.ask(f"postings/{capacity.number}/busy/", "POST", {"until": None})
    assert ended.json()["busy_until"] is None
    assert asker.ask("partnerships/", "POST", told).status_code == 201


def test_a_day_that_does_not_fit_and_another_firms_posting(partner, capacity, make_partner):
    for days, code in ((0, "refusal.day_not_ahead"), (61, "refusal.day_too_far")):
        told = partner.ask(f"postings/{capacity.number}/busy/", "POST", {"until": in_days(days)})
        assert (told.status_code, told.json()["errors"][0]["code"]) == (422, code)
    assert partner.ask(f"postings/{capacity.number}/busy/", "POST", {}).status_code == 400
    assert make_partner().ask(f"postings/{capacity.number}/busy/", "POST", {"until": None}).status_code == 404
    draft = PostingFactory(capacity=True, draft=True, enterprise=partner.enterprise)
    told = partner.ask(f"postings/{draft.number}/busy/", "POST", {"until": in_days(3)})
    assert told.json()["code"] == "refusal.wrong_state"


def test_several_interests_are_declined_with_a_result_for_each(partner, capacity):
    asked = [PartnershipFactory(capacity=capacity) for _ in range(3)]
    gone = PartnershipFactory(capacity=capacity, introduced=True)
    own = PartnershipFactory(need=PostingFactory(enterprise=partner.enterprise))
    foreign = PartnershipFactory()
    keys = [one.key for one in (*asked[:2], gone, own, foreign)] + ["NOSUCH", asked[0].key]
    told = partner.ask("partnerships/decline/", "POST", {"partnerships": keys, "reason": "end.partnership.time"})
    assert told.status_code == 200, told.content
    rows = told.json()
    assert [(one["partnership"], one["code"]) for one in rows] == [
        (asked[0].key, None),
        (asked[1].key, None),
        (gone.key, "refusal.wrong_state"),
        (own.key, "refusal.other_side"),
        (foreign.key, "refusal.unknown_code"),
        ("NOSUCH", "refusal.unknown_code")
        if rows[5]["partnership"] == "NOSUCH"
        else ("NO-SUCH", "refusal.unknown_code"),
    ]
    assert [one["is_declined"] for one in rows] == [True, True, False, False, False, False]
    assert all((one["detail"] is None) == one["is_declined"] for one in rows)
    states = dict(Partnership.objects.values_list("key", "state"))
    assert [states[one.key] for one in (*asked, gone, own, foreign)] == [
        "failed",
        "failed",
        "interested",
        "introduced",
        "interested",
        "interested",
    ]


def test_a_reason_or_note_that_does_not_fit_declines_none(partner, capacity):
    row = PartnershipFactory(capacity=capacity)

    def refused(**changes):
        told = {"partnerships": [row.key], "reason": "end.partnership.time", **changes}
        answer = partner.ask("partnerships/decline/", "POST", told)
        return answer.status_code, answer.json()["errors"][0]["field"]

    assert refused(reason="no.such") == (422, "reason")
    assert refused(note="电话 13800138000") == (422, "note")
    assert refused(partnerships=[]) == (400, "partnerships")
    row.refresh_from_db()
    assert row.state == "interested"
    assert partner.ask("partnerships/decline/").status_code == 405


def test_who_may_only_read_partnerships_declines_none(capacity, make_partner):
    reads = make_partner(capacity.enterprise, scopes=("partnerships:read",))
    told = {"partnerships": ["AAAAAAAAAA"], "reason": "end.partnership.time"}
    assert reads.ask("partnerships/decline/", "POST", told).status_code == 403


def test_a_request_beyond_the_room_is_queued_with_its_place_and_let_in_after_an_answer(
    partner, capacity, make_partner, monkeypatch
):
    monkeypatch.setattr(queueing, "MOST_OPEN", 1)
    asked = []
    for _ in range(3):
        asker = make_partner()
        need = PostingFactory(enterprise=asker.enterprise)
        told = {"posting": need.number, "counterpart": capacity.number, "note": "示例 note"}
        asked.append((asker, asker.ask("partnerships/", "POST", told).json()))
    assert [(told["state"], told["queue_place"], told["answer_by"] is None) for _asker, told in asked] == [
        ("interested", None, False),
        ("queued", "1", True),
        ("queued", "2", True),
    ]
    waiting = asked[1][1]["key"]
    seen = partner.ask(f"partnerships/{waiting}/")
    assert (seen.json()["queue_place"], seen.json()["allowed_acts"]) == ("1", [])
    assert "示例 note" not in seen.content.decode()
    assert asked[1][0].ask(f"partnerships/{waiting}/").json()["allowed_acts"] == ["withdraw"]
    assert len(partner.ask("partnerships/?state=queued").json()["results"]) == 2
    for act, told in (
        ("accept", {"need_version": 1, "capacity_version": 1}),
        ("decline", {"reason": "end.partnership.time"}),
    ):
        refused = partner.ask(f"partnerships/{waiting}/{act}/", "POST", told)
        assert (refused.status_code, refused.json()["code"]) == (409, "refusal.wrong_state")
    partner.ask(f"partnerships/{asked[0][1]['key']}/decline/", "POST", {"reason": "end.partnership.time"})
    assert DBTaskResult.objects.filter(task_path=let_waiting_in_after.module_path).exists()
    call_command("let_waiting_in")
    seen = partner.ask(f"partnerships/{waiting}/").json()
    assert (seen["state"], seen["queue_place"]) == ("interested", None)
    assert "示例 note" in [event["note"] for event in seen["events"]]
    third = asked[2][0].ask(f"partnerships/{asked[2][1]['key']}/").json()
    assert third["queue_place"] == "1"
