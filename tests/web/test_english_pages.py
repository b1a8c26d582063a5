"""English pages hold no Chinese outside names and firms' own words."""

import re
from html.parser import HTMLParser

import pytest

from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

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
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHOWN_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder")
CHINESE = re.compile(r"[\u3400-\u9fff]")


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
        """Read a text."""
        if self.languages and self.languages[-1][0] not in ("script", "style"):
            self.take(data, self.languages[-1][1])

    def take(self, text: str, language: str) -> None:
        """Keep what is Chinese without saying so."""
        if not language.startswith("zh") and CHINESE.search(text) and "示例" not in text:
            self.found.append(text.strip())


def chinese_in(html: str) -> list[str]:
    """Chinese texts of a page outside elements marked as such."""
    reader = Reader()
    reader.feed(html)
    return reader.found


def test_the_reader_finds_what_is_not_marked():
    page = '<html lang="en"><p>Needs 需求</p><p lang="zh-Hans">需求</p><a title="供给">x</a></html>'

    assert chinese_in(page) == ["Needs 需求", "供给"]


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
