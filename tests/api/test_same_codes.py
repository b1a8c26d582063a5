"""Why a match fits is told by the same codes on its page, in the mail of new matches and in the API."""

import html
import re
from datetime import date

import pytest
from django.core import mail
from django.utils.html import strip_tags
from django.utils.text import capfirst

from accounts.choices import NoticeKind, Pace
from accounts.models import Notice
from accounts.services.mailing import mail_digests, mail_pending
from common.reason_texts import text_of
from matchmaking.matching.choices import RematchScope
from matchmaking.matching.services.rematching.digest import tell_news
from matchmaking.matching.services.rematching.jobs import work
from matchmaking.matching.services.rematching.planning import open_run

pytestmark = pytest.mark.django_db


def rematch():
    """The nightly rematch with its news."""
    run = open_run(scope=RematchScope.CHANGED)
    work(run=run, owner="test")
    tell_news(run=run)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY])
def test_page_mail_and_api_give_the_same_codes_and_the_mail_no_name(partner, market, signed_in, language, pace):
    owner = partner.owner
    owner.language = language
    owner.save()
    rematch()
    Notice.objects.filter(reader=owner).update(pace=pace)
    mail_pending() if pace == Pace.AT_ONCE else mail_digests(on=date(2026, 1, 5))
    body = next(one for one in mail.outbox if one.to == [owner.email]).body

    number = market["need"].number
    told = partner.ask(f"postings/{number}/suggestions/", **{"Accept-Language": language}).json()["matches"]
    best = next(row for row in told if row["posting"]["number"] == market["capacity"].number)
    notice = Notice.objects.get(reader=owner, kind=NoticeKind.NEW_MATCHES)
    codes = [note["code"] for note in best["reasons"]]
    assert codes
    assert [why["code"] for why in notice.facts["best"]["reasons"]] == codes

    texts = [text_of(note["code"], language, note["facts"]) for note in best["reasons"]]
    assert re.findall(r"^- (.+)$", body, re.MULTILINE) == texts
    prefix = "/en" if language == "en" else ""
    page = signed_in(owner).get(f"{prefix}/needs/{number}/matches/").content.decode()
    card = page[page.index(f'id="match-{market["capacity"].number}"') :]
    chips = re.findall(r"</svg>(.+?)</li>", card[: card.index("</ul>")])
    assert [html.unescape(strip_tags(chip)) for chip in chips] == [capfirst(text) for text in texts]

    firm = market["capacity"].enterprise
    secrets = (market["capacity"].title, market["capacity"].number, firm.name, firm.uscc, firm.alias, "CNY")
    assert [one for one in secrets if one and one in body] == []


def test_other_notices_say_nothing_of_reasons(partner, market):
    rematch()
    notice = Notice.objects.get(reader=partner.owner, kind=NoticeKind.NEW_MATCHES)
    Notice.objects.filter(pk=notice.pk).update(facts={"matches": 1})
    mail_pending()

    body = next(one for one in mail.outbox if one.to == [partner.owner.email]).body
    assert "\n- " not in body
