"""The main job from the first visit to both sides' contacts, in a real browser, every act by click or key."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext

from accounts.services.mailing import mail_pending
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import EnterpriseContactFactory, EnterpriseFactory, MembershipFactory, sample_uscc
from tests.factories.postings import PostingFactory
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

CHINESE = re.compile(r"[\u3400-\u9fff]")
FORK = "MOTO.FRAME.FORK"
ROW = (
    "品名\t节点\t需求数量\t开始日期\t交货日期\t交货地\n"
    "示例减震器 3,000 件/月\t前叉\t３，０００件/月\t{start}\t{until}\t江津区"
)
"""A need as it stands in the clerk's spreadsheet."""
LATIN = re.compile(r"[A-Za-z]{3,}")
NO_WORDS = re.compile(r"\S+@\S+|\b[0-9A-HJKMNP-TV-Z]{10}\b|\b[A-Z]+(?:\.[A-Z]+)+\b")
"""Mail addresses, numbers of postings, codes of nodes."""
SAME_IN_CHINESE = {"English", "API", "CNY"}
BUYER_PHONE, SELLER_PHONE, SILENT_PHONE, NEXT_PHONE = (f"1380000002{n}" for n in range(1, 5))


def seller(title, phone, language="zh-hans", **firm):
    """A verified firm of the other province with a live capacity of shock absorbers; gives posting and member."""
    region = Region.objects.get(code="511083")
    enterprise = EnterpriseFactory(region=region, **firm)
    EnterpriseContactFactory(enterprise=enterprise, person="示例销售", phone=phone)
    posting = PostingFactory(
        capacity=True,
        title=title,
        enterprise=enterprise,
        region=region,
        node=ChainNode.objects.get(code="MOTO.FRAME.FORK"),
        unit=Unit.objects.get(code="PCS"),
    )
    return posting, MembershipFactory(enterprise=enterprise, user__language=language).user


def buyer_account(language="zh-hans"):
    """An enterprise of Jiangjin with a need that is posted already, and its owner."""
    region = Region.objects.get(code="500116")
    enterprise = EnterpriseFactory(region=region)
    EnterpriseContactFactory(enterprise=enterprise, person="示例采购", phone=BUYER_PHONE)
    need = PostingFactory(
        enterprise=enterprise,
        region=region,
        node=ChainNode.objects.get(code="MOTO.FRAME.FORK"),
        unit=Unit.objects.get(code="PCS"),
        quantity_amount=3000,
    )
    return need, MembershipFactory(enterprise=enterprise, user__language=language).user


def pass_the_day_of_answer(posting):
    """The night after the last day on which the owner of ``posting`` could answer."""
    yesterday = timezone.localdate() - timedelta(days=1)
    assert Partnership.objects.filter(capacity=posting).update(answer_by=yesterday) == 1
    assert end_overdue_interests() == 1


def window():
    today = timezone.localdate()
    return {"start": today.isoformat(), "until": (today + timedelta(days=45)).isoformat()}


def test_from_the_first_visit_to_both_contacts(someone):
    capacity, salesman = seller("示例减震器产能", SELLER_PHONE)
    buyer = someone()
    buyer.sign_up("示例李敏", "li.min@example.com")
    buyer.register_enterprise(
        uscc=sample_uscc(4_000_001), name="示例摩托车厂", region="500116", person="示例李敏", phone=BUYER_PHONE
    )
    buyer.post_need(
        title="示例减震器 3,000 件/月",
        node=("减震器", "MOTO.FRAME.FORK"),
        quantity="3,000",
        region="500116",
        **window(),
    )
    buyer.express_interest(capacity.number)
    assert SELLER_PHONE not in buyer.text()

    mail_pending()
    assert [message.to for message in mail.outbox[-1:]] == [[salesman.email]]
    other = someone()
    other.sign_in(salesman.email)
    other.open_waiting_partnership()
    assert BUYER_PHONE not in other.text()
    other.accept()
    assert BUYER_PHONE in other.see_contact()

    buyer.go("/partnerships/")
    buyer.follow(capacity.enterprise.name, "main")
    assert SELLER_PHONE not in buyer.text()
    assert SELLER_PHONE in buyer.see_contact()
    partnership = Partnership.objects.get()
    assert (partnership.state, partnership.events.filter(act=Act.VIEW_CONTACT).count()) == (State.INTRODUCED, 2)


def test_the_short_form_in_english(someone):
    capacity, salesman = seller("Sample shock absorbers", SELLER_PHONE, "en", name="Sample Dampers Ltd")
    need, purchaser = buyer_account("en")
    buyer, other = someone("en"), someone("en")
    buyer.sign_in(purchaser.email)
    buyer.go(f"/en/needs/{need.number}/matches/")
    buyer.express_interest(capacity.number)

    other.sign_in(salesman.email)
    other.open_waiting_partnership()
    other.accept()
    assert BUYER_PHONE in other.see_contact()

    buyer.go("/en/partnerships/")
    buyer.follow("Sample Dampers Ltd", "main")
    assert SELLER_PHONE in buyer.see_contact()
    words = buyer.main().locator("h2, dt, button, summary, .step b, .notice").all_inner_texts()
    own_words = (need.title, need.enterprise.name, need.enterprise.alias)
    assert [text for text in words if CHINESE.search(re.sub("|".join(map(re.escape, own_words)), "", text))] == []


def test_the_other_side_can_begin_and_two_interests_meet(someone):
    capacity, salesman = seller("示例减震器产能", SELLER_PHONE)
    need, purchaser = buyer_account()
    other, buyer = someone(), someone()
    other.sign_in(salesman.email)
    other.go(f"/capacities/{capacity.number}/matches/")
    other.express_interest(need.number)

    buyer.sign_in(purchaser.email)
    buyer.go(f"/needs/{need.number}/matches/")
    buyer.card_of(capacity.number).locator("a[href*='/partnerships/']").click()
    buyer.accept()
    assert SELLER_PHONE in buyer.see_contact()


def test_dismissing_and_taking_it_back_by_click(someone):
    capacity, _salesman = seller("示例减震器产能", SELLER_PHONE)
    need, purchaser = buyer_account()
    buyer = someone()
    buyer.sign_in(purchaser.email)
    buyer.go(f"/needs/{need.number}/matches/")
    buyer.card_of(capacity.number).locator("details.dismiss summary").click()
    buyer.card_of(capacity.number).get_by_role("button", name=buyer.word("Do not show it again")).click()
    buyer.page.locator(".toast").wait_for()
    assert buyer.card_of(capacity.number).count() == 0
    buyer.page.locator(".toast").get_by_role("button", name=buyer.word("Undo")).click()
    buyer.card_of(capacity.number).wait_for()


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_matches_and_partnerships(someone, prefix, size):
    language, width = "en" if prefix else "zh-hans", size[0]
    capacity, salesman = seller("示例减震器产能", SELLER_PHONE, language)
    short, _other = seller("示例小产能", SILENT_PHONE)
    Posting.objects.filter(pk=short.pk).update(quantity_amount=20)
    need, purchaser = buyer_account(language)
    buyer, other = someone(language), someone(language)
    buyer.sign_in(purchaser.email)
    buyer.page.set_viewport_size({"width": width, "height": 900})
    buyer.go(f"/needs/{need.number}/matches/")
    assert found_by_axe(buyer) == []
    buyer.express_interest(capacity.number)
    buyer.go("/partnerships/")
    assert found_by_axe(buyer) == []
    other.sign_in(salesman.email)
    other.page.set_viewport_size({"width": width, "height": 900})
    other.open_waiting_partnership()
    for summary in other.page.locator(".notice details summary").all():
        summary.click()
    assert found_by_axe(other) == []
    other.accept()
    other.see_contact()
    other.page.locator("#log li", has_text=other.word("looked at the contact data")).wait_for()
    assert found_by_axe(other) == []
    assert other.page.evaluate("document.documentElement.scrollWidth") <= width


def found_by_axe(person):
    """What axe complains of on the page, by rule and first element."""
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    told = Axe().run(person.page, options={"runOnly": {"type": "tag", "values": tags}})
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in told.response["violations"]]


def registered_clerk(someone):
    """Li Min, signed up with her firm's credit code."""
    clerk = someone()
    clerk.sign_up("示例李敏", "li.min@example.com")
    clerk.register_enterprise(
        uscc=sample_uscc(4_000_001), name="示例摩托车厂", region="500116", person="示例李敏", phone=BUYER_PHONE
    )
    return clerk


def search(person, words):
    """What the list of capacities shows for these words, typed and sent by key."""
    PostingFactory(capacity=True, title=f"示例{words}")
    person.go("/capacities/")
    person.fill("q", words)
    person.page.locator("main [name=q]").press("Enter")
    person.page.wait_for_url("**q=**")
    return person.main().inner_text()


def close_as_filled_here(person, number):
    """Close a need on its page with its one reason."""
    person.go(f"/needs/{number}/")
    person.main().locator("details summary", has_text=person.word("Close")).first.click()
    person.page.locator("main [name=reason][value='end.need.filled_here']").check()
    with person.page.expect_navigation():
        person.press("Close this need")


def english_of(person):
    """English words that a page shows beside addresses, codes and the way to the English pages."""
    shown = NO_WORDS.sub(" ", person.page.locator("body").inner_text())
    return [word for word in LATIN.findall(shown) if word not in SAME_IN_CHINESE]


def see_the_next_firm_offered_once_the_silent_one_lapsed(clerk, silent, other):
    """No notice names another firm while ``silent`` may answer; the one that tells of the silence names ``other``."""
    offer = gettext("The next suitable firm: %(title)s") % {"title": other.title}
    clerk.go("/me/notices/")
    assert offer not in clerk.text()
    pass_the_day_of_answer(silent)
    clerk.go("/me/notices/")
    assert offer in clerk.main().inner_text()
    assert english_of(clerk) == []
    row = clerk.main().locator("li", has_text=offer)
    with clerk.page.expect_navigation():
        row.get_by_role("link").first.click()
    assert clerk.page.url.endswith("/next/")
    assert clerk.card_of(other.number).get_by_role("button", name=clerk.word("Express interest")).is_visible()
    assert english_of(clerk) == []
    clerk.go("/partnerships/")
    clerk.follow(silent.enterprise.name, "main")
    assert "到期未答复" in clerk.text()
    assert SILENT_PHONE not in clerk.text()


def test_d01_a_clerk_posts_asks_two_and_closes(someone):
    first, salesman = seller("示例减震器产能", SELLER_PHONE)
    second, _silent = seller("示例前叉减震器", SILENT_PHONE)
    third, _next = seller("示例后减震器", NEXT_PHONE)
    clerk = registered_clerk(someone)
    assert [words for words in ("轴承", "减震器") if f"示例{words}" not in search(clerk, words)] == []

    clerk.paste_need(ROW.format(**window()))
    assert found_by_axe(clerk) == []
    clerk.post()
    assert english_of(clerk) == []
    clerk.express_interest(first.number)
    clerk.express_interest(second.number)
    chips = clerk.card_of(first.number).locator(".chip-why").all_inner_texts()
    assert 0 < len(chips) <= 5
    assert [chip for chip in chips if not CHINESE.search(chip)] == []

    mail_pending()
    told = [(message.subject, message.body) for message in mail.outbox]
    assert [one for one in told if not all(map(CHINESE.search, one)) or BUYER_PHONE in one[1]] == []
    other = someone()
    other.sign_in(salesman.email)
    other.open_waiting_partnership()
    assert BUYER_PHONE not in other.text()
    other.accept()
    clerk.go("/partnerships/")
    clerk.follow(first.enterprise.name, "main")
    assert SELLER_PHONE in clerk.see_contact()
    assert english_of(clerk) == []
    see_the_next_firm_offered_once_the_silent_one_lapsed(clerk, second, third)

    need = Posting.objects.get(enterprise__name="示例摩托车厂", status=Status.PUBLISHED)
    assert (need.quantity_amount, need.node.code, need.unit.code, need.period) == (3000, FORK, "PCS", "month")
    close_as_filled_here(clerk, need.number)
    assert english_of(clerk) == []
    need.refresh_from_db()
    assert (need.status, need.end_reason) == (Status.CLOSED, "end.need.filled_here")
    clerk.go("/needs/")
    assert need.title not in clerk.main().inner_text()
