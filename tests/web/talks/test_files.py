"""The pages of files: shown, opened page by page, handed out with safe headers; the agreement; what others get."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import FileLook, NdaAcceptance, SharedFile
from matchmaking.talks.queries.nda import nda_digest
from matchmaking.talks.services.files import share_at_posting, share_in_partnership
from tests.factories.accounts import PASSWORD, CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.talks import drawn, upload
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def pair():
    return talks()


def share(pair, level=FileLevel.INTEREST, name="CANARY-FILE.pdf"):
    return share_in_partnership(partnership=pair.now, actor=pair.buyer, upload=upload(name=name), level=level)


def files_page(pair):
    return f"/en/partnerships/{pair.partnership.key}/files/"


def nda_page(pair):
    return f"/en/partnerships/{pair.partnership.key}/confidentiality/"


def accept(signed_in, pair, who, **changed):
    values = {"seen": nda_digest(), "secret": PASSWORD, **changed}
    return signed_in(getattr(pair, who)).post(nda_page(pair), values)


def test_a_file_goes_over_and_each_look_is_read_by_its_owner(signed_in, pair):
    buyer, seller = signed_in(pair.buyer), signed_in(pair.seller)
    sent = buyer.post(files_page(pair), {"upload": upload(name="图纸 C.pdf"), "level": "interest"})
    assert sent.status_code == 302, sent.content.decode()
    file = SharedFile.objects.get()
    assert f"/en/files/{file.key}/" in seller.get(files_page(pair)).content.decode()
    assert "图纸 C.pdf" in seller.get(f"/en/files/{file.key}/").content.decode()
    page = seller.get(f"/en/files/{file.key}/pages/1/")
    whole = seller.get(f"/en/files/{file.key}/content/")
    assert (page.status_code, page["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(whole.streaming_content)[:5] == b"%PDF-"
    for answer in (page, whole):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert whole["Content-Disposition"].startswith("attachment")
    assert page["Content-Disposition"].startswith("inline")
    owners = buyer.get(f"/en/files/{file.key}/").content.decode()
    assert "2 looks" in owners
    assert pair.seller.name in owners
    assert "2 looks" not in seller.get(f"/en/files/{file.key}/").content.decode()


def test_two_readers_get_two_marks(signed_in, pair):
    file = share(pair)
    colleague = MembershipFactory(enterprise=pair.now.capacity.enterprise).user
    address = f"/en/files/{file.key}/pages/1/"
    assert signed_in(pair.seller).get(address).content != signed_in(colleague).get(address).content


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"level": "interest"}, "upload"),
        ({"level": "interest", "upload": (b"<script>", "x.pdf")}, "upload"),
        ({"level": "interest", "upload": (b"%PDF-1.7 broken", "x.pdf")}, "upload"),
        ({"level": "interest", "upload": (b"", "x.pdf")}, "upload"),
        ({"level": "everybody", "upload": (None, "x.pdf")}, "level"),
        ({"upload": (None, "x.pdf")}, "level"),
        ({"level": "preview", "upload": (None, "x.pdf")}, "level"),
    ],
)
def test_what_is_no_file_or_no_level_stands_at_its_field(signed_in, pair, values, field):
    given = {name: upload(*value) if isinstance(value, tuple) else value for name, value in values.items()}
    answer = signed_in(pair.buyer).post(files_page(pair), given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not SharedFile.objects.exists()


def test_confidential_pages_open_after_both_accepted_and_are_never_handed_out(signed_in, pair):
    file, seller = share(pair, FileLevel.NDA), signed_in(pair.seller)
    address = f"/en/files/{file.key}/"
    assert [seller.get(f"{address}{part}").status_code for part in ("", "pages/1/", "content/")] == [409, 409, 409]
    assert accept(signed_in, pair, "buyer").status_code == 302
    assert "Read it" in seller.get(files_page(pair)).content.decode()
    assert accept(signed_in, pair, "seller").status_code == 302
    assert "In force until" in seller.get(nda_page(pair)).content.decode()
    assert [seller.get(f"{address}{part}").status_code for part in ("", "pages/1/", "content/")] == [200, 200, 409]
    assert FileLook.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status"), [({"secret": "guessed"}, 409), ({"seen": "x"}, 409), ({"secret": ""}, 422)]
)
def test_nobody_accepts_without_password_or_another_text(signed_in, pair, changed, status):
    assert accept(signed_in, pair, "buyer", **changed).status_code == status
    assert not NdaAcceptance.objects.exists()


def test_the_text_is_told_in_the_pages_language(signed_in, pair):
    english = signed_in(pair.buyer).get(nda_page(pair)).content.decode()
    chinese = signed_in(pair.buyer).get(nda_page(pair).removeprefix("/en")).content.decode()
    assert "What is confidential." in english
    assert "保密信息" in chinese
    assert nda_digest() in english


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("other", (404, 404, 404, 404, 404)),
        ("coordinator", (403, 302, 302, 302, 403)),
        ("platform", (403, 302, 302, 302, 403)),
        ("user", (404, 302, 302, 302, 404)),
        ("visitor", (302, 302, 302, 302, 302)),
    ],
)
def test_nobody_else_gets_a_file_or_learns_its_name(signed_in, client, pair, who, statuses):
    file = share(pair)
    asked = {
        "other": lambda: signed_in(MembershipFactory().user),
        "coordinator": lambda: signed_in(CoordinatorGrantFactory().user),
        "platform": lambda: signed_in(UserFactory(platform_admin=True, totp=True)),
        "user": lambda: signed_in(UserFactory()),
        "visitor": lambda: client,
    }[who]()
    addresses = [files_page(pair), *(f"/en/files/{file.key}/{part}" for part in ("", "pages/1/", "content/"))]
    answers = [asked.get(address) for address in (*addresses, nda_page(pair))]
    assert tuple(answer.status_code for answer in answers) == statuses
    for address in (*addresses, f"/en/partnerships/{pair.partnership.key}/", "/en/messages/?q=CANARY"):
        assert "CANARY-FILE" not in asked.get(address, follow=True).content.decode()
    for part in ("revise/", "withdraw/"):
        assert asked.post(f"/en/files/{file.key}/{part}", {"upload": upload(drawn())}).status_code in (302, 404)
    assert (SharedFile.objects.count(), SharedFile.objects.filter(withdrawn_at=None).count()) == (1, 1)


@pytest.mark.parametrize("part", ["pages/0/", "pages/2/", f"pages/{'9' * 30}/"])
def test_pages_that_there_are_not(signed_in, pair, part):
    assert signed_in(pair.seller).get(f"/en/files/{share(pair).key}/{part}").status_code == 422


def test_a_file_is_revised_and_taken_back_on_its_page(signed_in, pair):
    file, buyer = share(pair), signed_in(pair.buyer)
    assert buyer.post(f"/en/files/{file.key}/revise/", {}).status_code == 422
    assert buyer.post(f"/en/files/{file.key}/revise/", {"upload": upload(drawn(), "D.png")}).status_code == 302
    newest = SharedFile.objects.get(replaces=file)
    assert "revision 2" in buyer.get(f"/en/files/{newest.key}/").content.decode()
    assert signed_in(pair.seller).post(f"/en/files/{newest.key}/withdraw/").status_code == 403
    assert buyer.post(f"/en/files/{newest.key}/withdraw/").status_code == 302
    assert signed_in(pair.seller).get(f"/en/files/{newest.key}/").status_code == 404


def test_a_preview_at_a_posting_names_no_onlooker_that_was_not_introduced(signed_in, pair):
    need, stranger = pair.now.need, MembershipFactory()
    address = f"/en/postings/{need.number}/files/"
    assert signed_in(stranger.user).post(address, {"upload": upload(), "level": "preview"}).status_code == 403
    answer = signed_in(pair.buyer).post(address, {"upload": upload(), "level": "preview"})
    assert answer.status_code == 302
    file = SharedFile.objects.get()
    assert f"/en/files/{file.key}/" in signed_in(stranger.user).get(address).content.decode()
    assert signed_in(stranger.user).get(f"/en/files/{file.key}/pages/1/").status_code == 200
    told = signed_in(pair.buyer).get(f"/en/files/{file.key}/").content.decode()
    assert "A verified firm" in told
    assert [name for name in (stranger.enterprise.name, stranger.user.name) if name in told] == []


def test_lists_ask_as_many_questions_of_many_files_as_of_few(signed_in, pair):
    share(pair)
    share_at_posting(posting=pair.now.need, actor=pair.buyer, upload=upload(), level=FileLevel.NDA)
    seller = signed_in(pair.seller)
    addresses = (files_page(pair), f"/en/postings/{pair.now.need.number}/files/")

    def counts():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert seller.get(address).status_code == 200
            found.append(len(queries))
        return found

    counts()
    few = counts()
    for _ in range(3):
        share(pair)
        share_at_posting(posting=pair.now.need, actor=pair.buyer, upload=upload(), level=FileLevel.NDA)
    assert counts() == few
    assert max(few) <= MOST_QUERIES
