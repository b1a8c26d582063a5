"""The paper of a capability passport: one PDF in the language of the page, the same bytes for the same facts."""

from datetime import timedelta

import pypdfium2
import pytest
from django.utils import timezone

from accounts.choices import CheckState
from accounts.models import Passport
from tests.factories.accounts import EnterpriseCertificateFactory, EquipmentFactory, MembershipFactory, PassportFactory
from web.papers.passports import code_address

pytestmark = pytest.mark.django_db
WORDS = {
    "": ["能力护照", "平台于", "已过期", "未核查", "任何持有链接的人", "数据太少"],
    "/en": [
        "Capability passport",
        "Seen on site by the platform",
        "Expired",
        "Not checked",
        "Everybody who has the link",
    ],
}


@pytest.fixture
def passport():
    passport = PassportFactory()
    ended = timezone.localdate() - timedelta(days=1)
    EnterpriseCertificateFactory(
        enterprise=passport.enterprise, state=CheckState.CHECKED, issued_on=None, expires_on=ended
    )
    EnterpriseCertificateFactory(enterprise=passport.enterprise, issuer='#import "x.typ" *Canary* $x$')
    EquipmentFactory(site__enterprise=passport.enterprise, checked_on=timezone.localdate())
    return passport


def paper_of(client, passport, language=""):
    answer = client.get(f"{language}/passports/{passport.token}/paper/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="passport-{passport.enterprise.key}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    return answer.content


def words_of(content):
    document = pypdfium2.PdfDocument(content)
    assert [round(side) for side in document[0].get_size()] == [595, 842], "A4"
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


@pytest.mark.parametrize("language", WORDS)
def test_it_says_what_the_page_says_and_where_today_s_page_is(client, passport, language):
    told = words_of(paper_of(client, passport, language))

    wanted = [*WORDS[language], passport.enterprise.name, code_address(passport.token)]
    assert [word for word in wanted if word.replace(" ", "") not in told] == []


def test_what_a_firm_typed_is_set_as_it_was_typed(client, passport):
    assert '#import"x.typ"*Canary*$x$' in words_of(paper_of(client, passport))


def test_the_same_facts_are_the_same_bytes_and_another_link_is_another_paper(client, passport):
    first = paper_of(client, passport)
    assert paper_of(client, passport) == first

    Passport.objects.update(token="A" * 22)
    passport.refresh_from_db()
    assert paper_of(client, passport) != first


def test_it_is_for_whoever_may_open_the_page(client, passport, signed_in):
    Passport.objects.update(level="verified")
    assert client.get(f"/passports/{passport.token}/paper/").status_code == 302
    assert paper_of(signed_in(MembershipFactory().user), passport)


def test_a_firm_without_anything_has_a_paper_that_says_so(client):
    assert "Nonenamed." in words_of(paper_of(client, PassportFactory(), "/en"))
