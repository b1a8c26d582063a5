"""English pages hold no Chinese outside names and firms' own words."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from common.reasons import Reason
from tests.architecture.access_table import readers_of_pages
from tests.architecture.access_world import make_world
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseContactFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from web.templatetags.matching import listed, note_chips, said

pytestmark = pytest.mark.django_db

PUBLIC = (
    "",
    "needs/",
    "capacities/",
    "chains/",
    "chains/AUTO/",
    "chains/AUTO/AUTO.BODY.CAST/",
    "hydrogen/",
    "insights/",
    "figures/",
    "parks/",
    "help/",
    "method/",
    "privacy/",
    "accessibility/",
    "accounts/login/",
    "accounts/signup/",
    "accounts/password/reset/",
    "no/such/page/",
)
MEMBERS = (
    "me/",
    "me/enterprise/",
    "me/members/",
    "me/sites/",
    "me/certificates/",
    "me/notices/",
    "me/clients/",
    "needs/new/",
    "capacities/new/",
    "partnerships/",
    "network/",
    "packages/",
    "packages/new/",
    "overflow/",
    "overflow/new/",
    "days/",
    "meetings/",
    "me/searches/",
    "me/new-matches/",
)
COORDINATORS = (
    "",
    "postings/",
    "partnerships/",
    "cases/",
    "pairs/",
    "meetings/",
    "days/",
    "days/new/",
    "plans/",
    "exposure/",
    "funnel/",
    "clearings/",
)
MOST_QUERIES = 25
DEARER = {"web:coordination:partnership", "web:coordination:posting"}
"""Pages on which each act asks anew whether the thing lies in the scope, and a look at contact data is recorded."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHOWN_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder")
CHINESE = re.compile(r"[\u3400-\u9fff]")
OWN_WORDS = re.compile(r"示例[\u3400-\u9fff]*")
"""Names and words of sample firms, one by one: what stands beside them is still read."""


class Reader(HTMLParser):
    """Gathers what a page says outside elements that are marked as Chinese, sample rows of the factories apart."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language of the element and read what its attributes show."""
        given = dict(attrs)
        language = given.get("lang") or (self.languages[-1][1] if self.languages else "")
        for name in SHOWN_ATTRIBUTES:
            self.take(given.get(name) or "", language)
        if tag not in VOID:
            self.languages.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        """Go back to the language around the element."""
        while self.languages and self.languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Read a text; the title of the window is one text in one language, whatever names it holds."""
        inside = [tag for tag, _language in self.languages[-2:]]
        if inside and inside[-1] not in ("script", "style") and inside != ["head", "title"]:
            self.take(data, self.languages[-1][1])

    def take(self, text: str, language: str) -> None:
        """Keep what is Chinese without saying so."""
        if not language.startswith("zh") and CHINESE.search(OWN_WORDS.sub("", text)):
            self.found.append(text.strip())


def chinese_in(html: str) -> list[str]:
    """Chinese texts of a page outside elements marked as such."""
    reader = Reader()
    reader.feed(html)
    return reader.found


def test_the_reader_finds_what_is_not_marked():
    own = "<p>示例需求 1</p><p>示例厂 · 供给</p>"
    page = f'<html lang="en"><p>Needs 需求</p>{own}<p lang="zh-Hans">需求</p><a title="供给">x</a></html>'

    assert chinese_in(page) == ["Needs 需求", "示例厂 · 供给", "供给"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_english(client, path):
    PostingFactory()
    PostingFactory(capacity=True)

    assert chinese_in(client.get(f"/en/{path}").content.decode()) == []


@pytest.mark.parametrize("path", MEMBERS)
def test_a_page_of_members_is_english(signed_in, path):
    member = MembershipFactory()
    EnterpriseContactFactory(enterprise=member.enterprise)
    need = PostingFactory(enterprise=member.enterprise)
    PartnershipFactory(need=need, capacity=PostingFactory(capacity=True))

    assert chinese_in(signed_in(member.user).get(f"/en/{path}", follow=True).content.decode()) == []


def test_the_page_of_a_need_with_its_suggestions_is_english(signed_in):
    member = MembershipFactory()
    need = PostingFactory(enterprise=member.enterprise)
    PostingFactory(capacity=True)

    assert chinese_in(signed_in(member.user).get(f"/en/needs/{need.number}/").content.decode()) == []


def test_matches_with_all_others_and_the_partnership_are_english(signed_in):
    member = MembershipFactory()
    EnterpriseContactFactory(enterprise=member.enterprise)
    need = PostingFactory(enterprise=member.enterprise, text="铝合金压铸件，表面阳极氧化")
    capacity = PostingFactory(capacity=True, text="压铸与阳极氧化，铝合金")
    PostingFactory(capacity=True, quantity_amount=20)
    partnership = PartnershipFactory(need=need, capacity=capacity)
    reader = signed_in(member.user)
    paths = [f"needs/{need.number}/matches/", f"matches/{need.number}/others/", f"partnerships/{partnership.key}/"]
    pages = [reader.get(f"/en/{path}") for path in paths]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [chinese_in(page.content.decode()) for page in pages] == [[], [], []]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", 'Shared terms: <span lang="zh">压铸, &lt;b&gt;</span>'), ("zh-hans", "共同用语：压铸, &lt;b&gt;")],
)
def test_firms_words_in_a_reason_are_marked_as_chinese_on_english_pages_and_escaped(language, told):
    note = SimpleNamespace(reason=Reason.FIT_TEXT_TERMS, facts={"terms": "压铸, <b>"})
    with override(language):
        assert said(note) == told
        assert told in note_chips([note], "check", "chip")
        assert listed([said(note), "<i>"]) == f"{told}; &lt;i&gt;"


@pytest.mark.parametrize("path", COORDINATORS)
def test_a_page_of_coordinators_is_english(signed_in, path):
    PartnershipFactory(need=PostingFactory(), capacity=PostingFactory(capacity=True))

    page = signed_in(CoordinatorGrantFactory().user).get(f"/en/coordination/{path}")
    assert page.status_code == 200
    assert chinese_in(page.content.decode()) == []


def test_every_page_of_the_access_table_is_english_and_asks_few_questions():
    """Each page once, as who of its readers has most rights in a firm sees it. That no page asks more the more there is
    to tell, the tests of each area say.
    """
    world, wrong, many = make_world(), {}, set()
    for route, role in readers_of_pages().items():
        with override("en"):
            address = reverse(route.name, kwargs=world.values_for(route))
        with CaptureQueriesContext(connection) as asked:
            answer = world.clients[role].get(address)
        is_page = answer.headers["Content-Type"].startswith("text/html") and not answer.streaming
        if is_page and (found := chinese_in(answer.content.decode())):
            wrong[route.name] = found
        if is_page and len(asked) > MOST_QUERIES:
            many.add(route.name)
    assert wrong == {}
    assert many == DEARER
