"""Journey D4: Wang Fang runs the park of Tongnan from the administration, in a real browser, by click and key."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.choices import NoticeKind, ReviewKind, Verification
from accounts.models import Enterprise, Notice, Review
from matchmaking.parks.models import CooperationProject, Park, ParkIndicator, ParkPartnership
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.services.loading import load_parks
from matchmaking.postings.choices import Status
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, ReviewFactory
from tests.factories.parks import CooperationProjectFactory, ParkAdministratorFactory, ParkIndicatorFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FOREIGN = "示例荣昌草稿"
"""Stands in every row of another park."""


@pytest.fixture
def tongnan(db):
    """The park, after the batches and pairs were imported; Rongchang has drafts of its own."""
    load_parks()
    other = Park.objects.get(slug="rongchang-hi-tech")
    ParkIndicatorFactory(park=other, source=FOREIGN, period_start=last_quarter().start)
    CooperationProjectFactory(park=other, name_zh=FOREIGN, name_en=FOREIGN)
    away = Region.objects.get(code="500153")
    ReviewFactory(enterprise=EnterpriseFactory(region=away, name=FOREIGN, pending=True))
    return Park.objects.get(slug="tongnan-hi-tech")


@pytest.fixture(params=["zh-hans", "en"])
def wang_fang(request, tongnan, live_server, browser_as):
    """She reads either language, has her second factor, and runs this park alone."""
    user = ParkAdministratorFactory(park=tongnan, user__name="示例王芳", user__language=request.param).user
    person = Person(browser_as(user), live_server.url, request.param)
    person.user = user
    person.complaints = []
    person.page.on(
        "console", lambda message: person.complaints.append(message.text) if message.type == "error" else None
    )
    person.go("/manage/")
    return person


def last_quarter():
    return Quarter.of(timezone.localdate()).back(1)


def opened(person, model):
    """From the first page of the administration to a list."""
    person.go("/manage/")
    person.page.locator(f"#content .model-{model} th a").click()
    return person.page.locator("#result_list tbody tr")


def act(person, action, *words, note="", reason=""):
    """Tick the rows that hold these words, choose the act, and say yes on the page that asks."""
    for word in words:
        person.page.locator("#result_list tbody tr", has_text=word).locator("input.action-select").check()
    person.page.locator("select[name=action]").select_option(action)
    person.page.locator("button[name=index]").click()
    if reason:
        person.page.locator("select[name=reason]").select_option(reason)
    if note:
        person.page.locator("textarea[name=note]").fill(note)
    with person.page.expect_navigation():
        person.page.locator("input[type=submit].default").click()
    expect(person.page.locator("ul.messagelist .success")).to_be_visible()


def choose_firm(person, name):
    """Find a firm in the box that completes what is typed, and take it by Enter."""
    box = person.page.locator(".field-enterprises .select2-search__field")
    box.click()
    box.press_sequentially(name, delay=20)
    option = person.page.locator(".select2-results__option--highlighted", has_text=name)
    option.wait_for()
    person.page.keyboard.press("Enter")


def test_d04_adds_a_project_with_its_kind_its_notice_and_a_firm(wang_fang, tongnan):
    home = Region.objects.get(code="500152")
    firm = EnterpriseFactory(region=home, name="示例潼南电路")
    page = wang_fang.page

    opened(wang_fang, "cooperationproject")
    expect(page.locator("#result_list tbody tr")).to_have_count(0)
    page.locator(".object-tools .addlink").click()
    expect(page.locator("#id_park option")).to_have_count(1)
    expect(page.locator("#id_park")).to_have_value(str(tongnan.pk))
    page.locator("#id_partner_park").select_option(str(Park.objects.get(slug="suining-hi-tech").pk))
    page.locator("#id_name_zh").fill("示例电子配套园")
    page.locator("#id_name_en").fill("Sample electronics supply park")
    page.locator("#id_cooperation_type").select_option("industrial-supporting")
    page.locator("#id_source").fill("示例通知 2026-7")
    box = page.locator(".field-enterprises .select2-search__field")
    box.click()
    box.press_sequentially(FOREIGN, delay=20)
    expect(page.locator(".select2-results__message")).to_be_visible()
    box.fill("")
    choose_firm(wang_fang, "示例潼南")
    page.locator("input[name=_save]").click()

    expect(page.locator("ul.messagelist .success")).to_be_visible()
    project = CooperationProject.objects.get(park=tongnan)
    assert (project.cooperation_type, project.source) == ("industrial-supporting", "示例通知 2026-7")
    assert [one.pk for one in project.enterprises.all()] == [firm.pk]
    for slug in ("tongnan-hi-tech", "suining-hi-tech"):
        wang_fang.go(f"/parks/{slug}/")
        row = page.locator("section[aria-labelledby=h-projects] tbody tr")
        expect(row).to_contain_text(project.name_en if wang_fang.language == "en" else project.name_zh)
        expect(row.get_by_role("link", name=firm.name)).to_be_visible()
    assert wang_fang.complaints == []


def test_d04_approves_two_firms_of_a_queue_with_age_owner_and_next_step(wang_fang, tongnan):
    home = tongnan.regions.get()
    names = ["示例潼南甲", "示例潼南乙"]
    for name in names:
        ReviewFactory(enterprise=EnterpriseFactory(region=home, name=name, pending=True))

    rows = opened(wang_fang, "review")
    expect(rows).to_have_count(2)
    expect(wang_fang.page.locator("#result_list")).not_to_contain_text(FOREIGN)
    for cell in ("field-age", "field-owner", "field-next_step"):
        assert all(text.strip() for text in rows.locator(f".{cell}").all_inner_texts()), cell
    act(wang_fang, "take", *names)
    expect(rows.first.locator(".field-owner")).to_have_text(wang_fang.user.name)
    act(wang_fang, "let_pass", *names)

    expect(rows).to_have_count(0)
    assert set(Enterprise.objects.filter(name__in=names).values_list("verification", flat=True)) == {
        Verification.VERIFIED
    }
    assert {review.decided_by for review in Review.objects.filter(title__in=names)} == {wang_fang.user}


def test_d04_answers_a_flagged_post_with_a_reason_that_its_firm_reads(wang_fang, tongnan):
    home = tongnan.regions.get()
    member = MembershipFactory(enterprise=EnterpriseFactory(region=home))
    posting = PostingFactory(
        enterprise=member.enterprise, region=home, in_review=True, title="示例加微信联系", hold_reason="flag.junk"
    )
    ReviewFactory(
        kind=ReviewKind.POSTING,
        enterprise=member.enterprise,
        thing_key=posting.number,
        title=posting.title,
        flag="flag.junk",
        quotes=["加微信"],
    )

    rows = opened(wang_fang, "review")
    expect(rows.locator(".field-why")).to_contain_text("加微信")
    rows.locator("th a").click()
    expect(wang_fang.page.locator(".field-content")).to_contain_text(posting.title)
    wang_fang.page.go_back()
    act(wang_fang, "refuse", posting.title, reason="flag.junk", note="示例：请写清产品和数量")

    posting.refresh_from_db()
    assert (posting.status, posting.hold_reason) == (Status.DRAFT, "flag.junk")
    notice = Notice.objects.get(reader=member.user, kind=NoticeKind.POSTING_REJECTED)
    assert notice.facts["note"] == "示例：请写清产品和数量"


def test_d04_reports_submits_and_exports_the_quarter_and_sees_who_changed_what(wang_fang, tongnan, tmp_path):
    page, quarter = wang_fang.page, last_quarter()

    opened(wang_fang, "park").locator("th a").click()
    expect(page.locator(".field-counted_now a")).to_have_count(5)
    assert page.locator(".field-counted_now input, .field-by_quarter input").count() == 0
    page.locator(".field-by_quarter a").first.click()
    assert page.locator("#id_period_start").input_value() == quarter.start.isoformat()
    page.locator("#id_kind").select_option("jobs")
    page.locator("#id_value").fill("120")
    page.locator("input[name=_save]").click()
    expect(page.locator(".field-source .errorlist")).to_be_visible()
    assert not ParkIndicator.objects.filter(park=tongnan).exists()
    page.locator("#id_source").fill("示例季报")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)

    act(wang_fang, "lock", "120")
    page.locator("#result_list tbody th a").click()
    page.locator("#id_value").fill("125")
    page.locator("#id_source").fill("示例更正")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()

    page.locator("#changelist-filter").get_by_role("link", name=str_in(wang_fang, quarter)).click()
    with page.expect_download() as waiting:
        page.locator(".object-tools a", has_text="CSV").click()
    waiting.value.save_as(tmp_path / "quarter.csv")
    head, *rows = list(csv.reader(Path(tmp_path / "quarter.csv").read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["tongnan-hi-tech"]
    assert {"125.00", "示例更正", wang_fang.user.name, quarter.start.isoformat()} <= set(rows[0])
    assert len(head) == len(rows[0])

    page.locator("#result_list tbody th a").click()
    page.locator(".object-tools .historylink").click()
    history = page.locator("#change-history tbody tr, table.table tbody tr, #content table tbody tr")
    expect(history).to_have_count(3)
    expect(history.first).to_contain_text(wang_fang.user.name)

    wang_fang.go("/parks/tongnan-hi-tech/")
    told = page.locator("section[aria-labelledby=h-figures]")
    expect(told).to_contain_text("125")
    expect(told).to_contain_text("120")
    assert wang_fang.complaints == []


def str_in(person, quarter):
    """The name of a quarter in the language of the page."""
    return person.word("Q%(number)s %(year)s") % {
        "number": (quarter.start.month - 1) // 3 + 1,
        "year": quarter.start.year,
    }


def test_d04_sees_and_edits_no_draft_of_another_park(wang_fang):
    page = wang_fang.page
    figure, project = ParkIndicator.objects.get(source=FOREIGN), CooperationProject.objects.get(name_zh=FOREIGN)
    firm_review = Review.objects.get(title=FOREIGN)

    for model in ("parkindicator", "cooperationproject", "review", "parkfirm", "park"):
        opened(wang_fang, model)
        page.locator("#searchbar").fill(FOREIGN)
        page.locator("#searchbar").press("Enter")
        page.wait_for_url("**q=**")
        expect(page.locator("#result_list tbody tr")).to_have_count(0)

    for model, row in (("parkindicator", figure), ("cooperationproject", project), ("park", figure.park)):
        for name in ("change", "history", "delete"):
            page.goto(f"{wang_fang.base}{wang_fang.prefix}/manage/parks/{model}/{row.pk}/{name}/")
            assert FOREIGN not in page.content(), (model, name)
            assert page.locator("#id_value, #id_name_zh, #id_introduction_zh").count() == 0, (model, name)
    page.goto(f"{wang_fang.base}{wang_fang.prefix}/manage/accounts/review/{firm_review.pk}/change/")
    assert FOREIGN not in page.content()

    answer = page.request.get(f"{wang_fang.base}/manage/parks/parkindicator/export/csv/?q={FOREIGN}")
    assert (answer.status, FOREIGN in answer.text()) == (200, False)
    page.goto(f"{wang_fang.base}{wang_fang.prefix}/parks/{figure.park.slug}/")
    assert FOREIGN not in page.locator("section[aria-labelledby=h-figures]").inner_text()
    assert ParkIndicator.objects.get(pk=figure.pk).version == 1


def test_d04_cannot_delete_the_pair_with_suining(wang_fang):
    pair = ParkPartnership.objects.get(from_park__slug="tongnan-hi-tech", to_park__slug="suining-hi-tech")

    rows = opened(wang_fang, "parkpartnership")
    expect(rows).to_have_count(1)
    assert "delete_selected" not in wang_fang.page.locator("select[name=action]").inner_html()
    rows.locator("th a").click()
    expect(wang_fang.page.locator("#id_source")).to_be_visible()
    expect(wang_fang.page.locator(".deletelink")).to_have_count(0)
    answer = wang_fang.page.goto(f"{wang_fang.base}/manage/parks/parkpartnership/{pair.pk}/delete/")

    assert answer.status == 403
    assert ParkPartnership.objects.filter(pk=pair.pk).exists()
