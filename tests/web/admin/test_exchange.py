"""Files in the administration: taken away as filtered, brought in after a rehearsal, written by services."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.choices import Verb
from accounts.models import Change, Enterprise
from matchmaking.insights.models import ClusterTarget, QuotedFact
from matchmaking.insights.services.facts import load_facts
from matchmaking.postings.choices import PriceKind
from reference.models import GlossaryTerm
from reference.services import load_reference_rows
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
TERMS = "term_zh,term_en,facet,chain,node,source,aliases_zh,aliases_en,role,variant_of\n"
FIRMS = "uscc,name,name_en,kind,region,address,source,sourced_on\n"


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def page(model, name, *args, app="reference"):
    return reverse(f"admin:{app}_{model}_{name}", args=args)


def bring(client, content, model="glossaryterm", app="reference", name="rows.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(page(model, "import", app=app), {"file": SimpleUploadedFile(name, content)})


def agree(client, answer):
    return client.post(answer.context["confirm_address"], follow=True)


def problems(answer):
    return [(problem.row, problem.column, problem.value) for problem in answer.context["outcome"].problems]


def test_a_file_writes_nothing_before_a_yes_and_says_what_it_would_do(platform):
    answer = bring(platform, f"{TERMS}示例词甲,Sample,part,AUTO,,示例\n")

    outcome = answer.context["outcome"]
    assert (outcome.created, outcome.updated, outcome.unchanged, outcome.problems) == (1, 0, 0, [])
    assert not GlossaryTerm.objects.filter(term_zh="示例词甲").exists()
    assert not Change.objects.exists()


def test_after_a_yes_the_rows_are_written_recorded_and_found(platform):
    agree(platform, bring(platform, f"{TERMS}示例词甲,Sample,part,AUTO,,示例\n"))

    row = GlossaryTerm.objects.get(term_zh="示例词甲")
    assert (row.chain.code, row.pinyin_full, row.history.count()) == ("AUTO", "shilicijia", 1)
    assert Change.objects.get().verb == Verb.CREATED


def test_every_error_is_told_with_its_row_and_column(platform):
    answer = bring(platform, f"{TERMS}\n,Sample,nonsense,NONE,,\n示例词甲,Sample,part,,,示例\n示例词甲,b,part,,,s\n")

    assert [(row, value) for row, _column, value in problems(answer)] == [
        (3, ""),
        (3, "nonsense"),
        (3, "NONE"),
        (3, ""),
        (5, "示例词甲"),
    ]
    assert all(problem.reason and problem.way_out for problem in answer.context["outcome"].problems)


def test_good_rows_are_not_lost_and_the_rejected_ones_come_back_with_reasons(platform):
    answer = bring(platform, f"{TERMS}示例词甲,Sample,part,,,示例\n示例词乙,Sample,nonsense,,,示例\n")
    rejected = platform.get(answer.context["rejected_address"])
    agree(platform, answer)

    rows = list(load_workbook(io.BytesIO(rejected.content)).active.values)
    assert [row[0] for row in rows[1:]] == ["示例词乙"]
    assert ("nonsense" in rows[1], rows[1][-2], bool(rows[1][-1])) == (True, 3, True)
    assert sorted(GlossaryTerm.objects.filter(term_zh__startswith="示例词").values_list("term_zh", flat=True)) == [
        "示例词甲"
    ]


def test_a_file_is_written_once_and_by_its_bringer_alone(platform, signed_in):
    answer = bring(platform, f"{TERMS}示例词甲,Sample,part,,,示例\n")
    other = signed_in(UserFactory(platform_admin=True, totp=True))

    assert other.post(answer.context["confirm_address"]).status_code == 404
    agree(platform, answer)
    assert platform.post(answer.context["confirm_address"]).status_code == 404


def test_what_was_taken_away_comes_back_unchanged(platform):
    for kind in ("csv", "xlsx"):
        taken = platform.get(page("glossaryterm", "export", kind))
        outcome = bring(platform, taken.content, name=f"rows.{kind}").context["outcome"]
        assert (outcome.unchanged, outcome.created, outcome.updated, outcome.problems) == (
            GlossaryTerm.objects.count(),
            0,
            0,
            [],
        )


def test_rows_that_people_brought_outlive_the_loader(platform):
    known = GlossaryTerm.objects.filter(chain=None, node=None).first() or GlossaryTerm.objects.first()
    chain, node = getattr(known.chain, "code", ""), getattr(known.node, "code", "")
    agree(
        platform,
        bring(platform, f"{TERMS}示例词甲,Sample,part,,,示例\n{known.term_zh},New,{known.facet},{chain},{node},s\n"),
    )

    load_reference_rows()

    known.refresh_from_db()
    assert (known.term_en, known.history.count()) == ("New", 2)
    assert GlossaryTerm.objects.get(term_zh="示例词甲").retired_on is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_chinese_spreadsheets_are_read(encoding, platform):
    answer = bring(platform, f"{TERMS}示例词甲,Sample,part,,,示例\n".encode(encoding))

    assert answer.context["outcome"].created == 1


def test_codes_that_became_numbers_and_formulas_are_refused(platform):
    book = Workbook()
    book.active.append(["uscc", "name", "name_en", "kind", "region", "address", "source", "sourced_on"])
    book.active.append([915000000000000000, "示例厂", "", "manufacturer", 510100, "", "示例目录", "2026-01-01"])
    book.active.append(["9.15E+17", "=1+1", "", "manufacturer", "510100", "", "示例目录", "2026-01-01"])
    content = io.BytesIO()
    book.save(content)

    answer = bring(platform, content.getvalue(), "enterprise", "accounts", "rows.xlsx")

    assert [(row, value) for row, _column, value in problems(answer)] == [
        (2, "9.15e+17"),
        (3, "9.15E+17"),
        (3, "=1+1"),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "file"),
        (TERMS.encode(), "file"),
        (b"a,b\n1,2\n", "file"),
        (b"\xff\xff\xff\xff", "file"),
        (b"PK\x03\x04nothing", "file"),
        (TERMS.encode() + b"x,y,part,,,s\n" * 5001, "file"),
        (b"x" * (2 * 1024 * 1024 + 1), "file"),
    ],
    ids=["empty", "head alone", "other columns", "no text", "broken workbook", "too many rows", "too large"],
)
def test_a_file_that_cannot_be_taken_is_told_at_its_field(content, told, platform):
    answer = bring(platform, content)

    assert (answer.status_code, told in answer.context["form"].errors) == (200, True)


def firm_code():
    return EnterpriseFactory.build().uscc


def test_a_catalogue_enters_firms_that_are_not_here_yet_with_source_and_day(platform):
    code = firm_code()
    answer = bring(
        platform, f"{FIRMS}{code},示例铸造厂,,manufacturer,510100,,示例目录,2026-01-31\n", "enterprise", "accounts"
    )
    agree(platform, answer)

    row = Enterprise.objects.get(uscc=code)
    assert (row.is_unclaimed, row.source, str(row.sourced_on), row.region.code) == (
        True,
        "示例目录",
        "2026-01-31",
        "510100",
    )


def test_a_catalogue_does_not_write_over_a_firm_that_is_here(platform):
    firm = EnterpriseFactory()
    line = f"{firm.uscc},另一个名字,,manufacturer,510100,,示例目录,2026-01-31\n"

    answer = bring(platform, FIRMS + line, "enterprise", "accounts")

    assert len(problems(answer)) == 1
    firm.refresh_from_db()
    assert firm.name != "另一个名字"


def test_an_actual_value_without_its_source_is_refused_and_with_it_taken(platform):
    load_facts()
    code = ClusterTarget.objects.first().code
    head = "code,actual_value,actual_source,actual_on,are_definitions_same,definitions\n"

    without = bring(platform, f"{head}{code},5,,2026-03-01,no,\n", "clustertarget", "insights")
    agree(platform, bring(platform, f"{head}{code},5,示例年报,2026-03-01,no,\n", "clustertarget", "insights"))

    assert len(problems(without)) == 1
    assert ClusterTarget.objects.get(code=code).actual_value == "5"


def test_a_fact_brought_in_outlives_the_loader(platform):
    load_facts()
    fact = QuotedFact.objects.first()
    head = "code,subject_zh,subject_en,claim_zh,claim_en,value,unit_zh,unit_en,period_zh,period_en,source,"
    head += "note_zh,note_en\n"
    agree(platform, bring(platform, f"{head}{fact.code},示例,s,示例,c,7,,,,,示例,,\n", "quotedfact", "insights"))

    load_facts()

    fact.refresh_from_db()
    assert (fact.value, fact.history.count()) == ("7", 2)


def test_an_export_holds_the_rows_of_the_list_as_filtered_and_is_recorded(platform):
    PostingFactory(title="示例甲"), PostingFactory(title="示例乙", capacity=True)

    taken = platform.get(f"{page('posting', 'export', 'csv', app='postings')}?direction__exact=capacity")

    text = taken.content.decode("utf-8-sig")
    assert ("示例乙" in text, "示例甲" in text) == (True, False)
    assert Change.objects.get(verb=Verb.EXPORTED).facts["rows"] == 1


def test_exports_hold_no_price_and_nothing_that_computes(platform):
    PostingFactory(title="=1+1", price_kind=PriceKind.SEALED, price_min="7777.1", price_max="8888.1")

    text = platform.get(page("posting", "export", "csv", app="postings")).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(platform.get(page("posting", "export", "xlsx", app="postings")).content))

    assert ("'=1+1" in text, "7777" in text, "8888" in text) == (True, False, False)
    assert {cell.data_type for cell in book.active[2]} <= {"s", "n", "d"}


def test_partnerships_are_taken_away_without_notes(platform):
    PartnershipFactory(note="私密")

    text = platform.get(page("partnership", "export", "csv", app="partnerships")).content.decode("utf-8-sig")

    assert "私密" not in text
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("name", ["import", "export"])
@pytest.mark.parametrize(
    ("app", "model"),
    [("reference", "glossaryterm"), ("accounts", "enterprise"), ("insights", "quotedfact"), ("postings", "posting")],
)
def test_park_administrators_bring_and_take_nothing_that_is_the_platforms(app, model, name, signed_in):
    if (model, name) == ("posting", "import"):
        return
    client = signed_in(ParkAdministratorFactory().user)

    assert client.get(page(model, name, *(["csv"] if name == "export" else []), app=app)).status_code == 403
