"""Files at the REST door: shown, replaced, taken back, handed out as on the pages, through one firm alone."""

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.models import Membership
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import FileLook, SharedFile
from matchmaking.talks.queries.nda import nda_digest
from matchmaking.talks.services.files import share_in_partnership
from matchmaking.talks.services.nda import accept_nda
from tests.factories.talks import drawn, pages, upload
from tests.matchmaking.partnerships.packages import buyer as package
from tests.matchmaking.partnerships.packages import supplier
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return talks()


@pytest.fixture
def buyer(pair, make_partner):
    return make_partner(pair.partnership.need.enterprise)


@pytest.fixture
def seller(pair, make_partner):
    return make_partner(pair.partnership.capacity.enterprise)


def send(partner, path, **told):
    """A form with a file, as an integrator's library sends it."""
    return Client().generic(
        "POST",
        f"/api/v1/{path}",
        encode_multipart(BOUNDARY, told),
        content_type=MULTIPART_CONTENT,
        headers={"Authorization": f"Bearer {partner.token}"},
    )


def content(partner, key, **headers):
    return partner.ask(f"files/{key}/content/", **headers)


def shown(pair, level=FileLevel.INTEREST):
    return share_in_partnership(partnership=pair.now, actor=pair.buyer, upload=upload(), level=level)


def both_accept(pair):
    for actor in (pair.buyer, pair.seller):
        accept_nda(partnership=pair.now, actor=actor, seen=nda_digest())


def fields(answer):
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_a_file_goes_over_is_replaced_and_taken_back(pair, buyer, seller):
    key = pair.partnership.key
    same = drawn("PDF")
    made = send(buyer, "files/", upload=upload(same), level="interest", partnership=key)
    assert (made.status_code, made.json()["is_mine"], made.json()["kind"]) == (201, True, "pdf")
    first = made.json()["key"]
    got = content(seller, first, Accept="application/pdf")
    assert (got.status_code, got.headers["Content-Type"], b"".join(got.streaming_content)[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )
    policy = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
    assert {name: got.headers[name] for name in policy} == policy
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "no-store" in got.headers["Cache-Control"]
    look = FileLook.objects.get()
    assert (look.enterprise, look.reader, look.page) == (seller.enterprise, seller.owner, 0)

    again = send(buyer, f"files/{first}/revisions/", upload=upload(same))
    assert fields(again) == {"upload": "refusal.already_there"}
    newer = send(buyer, f"files/{first}/revisions/", upload=upload(pages(2)))
    assert (newer.status_code, newer.json()["revision"], newer.json()["pages"]) == (201, 2, 2)
    assert [row["revision"] for row in seller.ask("files/").json()["results"]] == [2]
    second = newer.json()["key"]
    assert buyer.ask(f"files/{second}/", "DELETE").status_code == 204
    assert (content(seller, second).status_code, content(seller, first).status_code) == (404, 200)


def test_at_a_posting_too(pair, buyer, seller):
    number = pair.partnership.need.number
    made = send(buyer, "files/", upload=upload(drawn("PNG"), "x.exe"), level="preview", posting=number)
    assert (made.status_code, made.json()["kind"], made.json()["posting"]) == (201, "png", number)
    assert fields(send(seller, "files/", upload=upload(), level="preview", posting=number)) == {
        "posting": "refusal.unknown_code"
    }


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"upload": upload(b"MZ this is a program")}, {"upload": "refusal.file_kind"}),
        ({"upload": upload(b"%PDF-1.7 broken")}, {"upload": "refusal.file_unreadable"}),
        ({"level": "preview"}, {"level": "refusal.unknown_code"}),
        ({"partnership": "NOSUCHKEY0"}, {"partnership": "refusal.unknown_code"}),
        ({"partnership": ""}, {"partnership": "refusal.required"}),
        ({"posting": "7K3M9QX2AB"}, {"partnership": "refusal.required"}),
    ],
)
def test_what_cannot_be_shown_is_refused_and_not_kept(pair, buyer, told, wrong):
    sound = {"upload": upload(), "level": "interest", "partnership": pair.partnership.key}
    refused = send(buyer, "files/", **{**sound, **told})
    assert refused.status_code in (400, 422), refused.content
    assert fields(refused) == wrong
    assert not SharedFile.objects.exists()


def test_another_firms_system_finds_nothing(pair, buyer, seller, make_partner):
    file, stranger = shown(pair), make_partner()
    assert stranger.ask(f"files/{file.key}/").status_code == content(stranger, file.key).status_code == 404
    assert stranger.ask(f"files/{file.key}/", "DELETE").status_code == 404
    assert send(stranger, f"files/{file.key}/revisions/", upload=upload(pages(2))).status_code == 404
    refused = send(stranger, "files/", upload=upload(), level="interest", partnership=pair.partnership.key)
    assert fields(refused) == {"partnership": "refusal.unknown_code"}
    assert stranger.ask(f"partnerships/{pair.partnership.key}/confidentiality/").status_code == 404
    assert seller.ask(f"files/{file.key}/", "DELETE").json()["code"] == "refusal.not_yours"
    assert send(seller, f"files/{file.key}/revisions/", upload=upload(pages(2))).status_code == 403


def test_confidential_files_are_pages_on_the_site_and_the_agreement_is_read(pair, buyer, seller):
    file, path = shown(pair, FileLevel.NDA), f"partnerships/{pair.partnership.key}/confidentiality/"
    assert content(seller, file.key).json()["code"] == "refusal.nda_missing"
    told = seller.ask(path).json()
    assert (told["own_until"], told["their_until"], told["is_due"], told["digest"]) == (None, None, True, nda_digest())
    assert seller.ask(path, "POST", {}).status_code == 405
    both_accept(pair)
    told = seller.ask(path, **{"Accept-Language": "en"}).json()
    assert told["both_until"] == told["own_until"] == told["their_until"]
    assert told["text"].isascii() or "agreement" in told["text"].lower()
    assert seller.ask(f"files/{file.key}/").json()["is_openable"] is True
    assert content(seller, file.key).json()["code"] == "refusal.pages_only"
    assert content(buyer, file.key).status_code == 200
    assert not FileLook.objects.exists()


def test_what_the_owners_other_firm_may_open_is_closed_to_the_system(pair, make_partner):
    """The person behind the system belongs to the firm that shows the file, and to the one that has accepted."""
    file, hidden = shown(pair), shown(pair, FileLevel.NDA)
    both_accept(pair)
    other = make_partner()
    for posting in (pair.partnership.need, pair.partnership.capacity):
        Membership.objects.create(user=other.owner, enterprise=posting.enterprise, role="owner")
    for one in (file, hidden):
        assert content(other, one.key).status_code == 404
        assert other.ask(f"files/{one.key}/").status_code == 404
    member = make_partner(pair.partnership.capacity.enterprise)
    Membership.objects.create(user=member.owner, enterprise=pair.partnership.need.enterprise, role="owner")
    assert content(member, hidden.key).json()["code"] == "refusal.pages_only"
    assert member.ask(f"files/{file.key}/", "DELETE").json()["code"] == "refusal.not_yours"
    assert content(member, file.key).status_code == 200
    assert FileLook.objects.get().enterprise == member.enterprise


def test_files_close_when_the_talks_end(pair, buyer, seller):
    file = shown(pair)
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    assert content(seller, file.key).status_code == 404
    assert content(buyer, file.key).status_code == 200
    refused = send(buyer, "files/", upload=upload(), level="interest", partnership=pair.partnership.key)
    assert (refused.status_code, refused.json()["code"]) == (409, "refusal.wrong_state")


def test_a_file_opens_for_a_system_where_it_opens_for_a_member(pair, buyer, seller, make_partner, signed_in):
    hidden = shown(pair, FileLevel.NDA)
    for file in (shown(pair), hidden):
        for asker in (buyer, seller, make_partner()):
            page = signed_in(asker.owner).get(f"/en/files/{file.key}/content/").status_code
            assert content(asker, file.key).status_code == page, (file.level, asker.owner)


def test_scopes_open_what_they_name(pair, make_partner):
    file, firm = shown(pair), pair.partnership.need.enterprise
    known, reads, writes = (make_partner(firm, scopes=(one,)) for one in ("messages:read", "files:read", "files:write"))
    askers = (known, reads, writes)
    assert [one.ask(f"files/{file.key}/").status_code for one in askers] == [200, 403, 403]
    assert [content(one, file.key).status_code for one in askers] == [403, 200, 403]
    ends = [one.ask(f"files/{file.key}/", "DELETE").status_code for one in askers]
    assert ends == [403, 403, 204]


def test_files_of_a_package_go_to_who_may_quote_for_it(make_partner):
    made = package()
    one, *_rest = made.lines()
    seller = supplier(one.need)
    owner, theirs, stranger = make_partner(made.firm), make_partner(seller.firm), make_partner()
    key = made.rfq.key
    sent = send(owner, "files/", upload=upload(), level="interest", package=key)
    assert (sent.status_code, sent.json()["package"], sent.json()["posting"]) == (201, key, None)
    file = sent.json()["key"]

    def listed(partner):
        return [row["key"] for row in partner.ask(f"files/?package={key}").json()["results"]]

    assert [listed(owner), listed(theirs), listed(stranger)] == [[file], [], []]
    made.publish()
    assert [listed(owner), listed(theirs), listed(stranger)] == [[file], [file], []]
    assert [content(one, file).status_code for one in (owner, theirs, stranger)] == [200, 200, 404]
    assert FileLook.objects.get().enterprise == seller.firm

    refused = [send(one, "files/", upload=upload(), level="interest", package=key) for one in (theirs, stranger)]
    assert [(one.status_code, set(fields(one))) for one in refused] == [(422, {"package"})] * 2
    preview = send(owner, "files/", upload=upload(), level="preview", package=key)
    assert (preview.status_code, set(fields(preview))) == (422, {"level"})
    newer = send(owner, f"files/{file}/revisions/", upload=upload(drawn("PNG"), name="示例.png"))
    assert (newer.status_code, newer.json()["package"], newer.json()["revision"]) == (201, key, 2)
    both = send(owner, "files/", upload=upload(), level="interest", package=key, posting=one.need.number)
    assert both.status_code == 422
