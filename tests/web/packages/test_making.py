"""Making a package on the pages: begun, filled from a spreadsheet or from needs, put right, published."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.imports.writing import as_workbook
from matchmaking.partnerships.imports import LineSheet
from matchmaking.partnerships.models import Rfq
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.packages import buyer

pytestmark = pytest.mark.django_db
HEAD = ("external_key", "title", "node", "quantity_amount", "unit", "period", "region", "subject", "text")


def address(name, *args):
    return reverse(f"web:packages:{name}", args=args)


def row(number, **changed):
    """A row of the sheet."""
    told = {
        "external_key": f"P-{number}",
        "title": f"示例铸件 {number}",
        "node": "AUTO.BODY.CAST",
        "quantity_amount": 100 * number,
        "unit": "件",
        "period": "",
        "region": "成都市",
        "subject": "",
        "text": "",
        **changed,
    }
    return [told[name] for name in HEAD]


def workbook(rows, head=HEAD):
    return SimpleUploadedFile("lines.xlsx", as_workbook(head, rows))


def token_of(response):
    return response.context["token"]


@pytest.fixture
def made():
    return buyer(0)


@pytest.fixture
def client(made, signed_in):
    return signed_in(made.user)


def test_a_package_is_begun_and_nothing_typed_is_lost(client, made):
    typed = {"title": "示例年度铸件", "due_on": "", "window_start": "2099-01-01", "certificates": ["IATF16949"]}
    answer = client.post(address("new"), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "示例年度铸件" in page
    assert "2099-01-01" in page
    typed["due_on"] = (timezone.localdate() + timedelta(days=5)).isoformat()
    answer = client.post(address("new"), typed | {"window_start": "", "is_sealed": "on"})
    rfq = Rfq.objects.latest("pk")
    assert answer.headers["Location"] == address("detail", rfq.key)
    assert (rfq.state, rfq.is_sealed, rfq.enterprise) == ("draft", True, made.firm)
    assert list(rfq.certificates.values_list("code", flat=True)) == ["IATF16949"]
    assert timezone.localtime(rfq.due_at).strftime("%H:%M") == "23:59"


def test_a_spreadsheet_is_rehearsed_and_good_rows_are_taken_in(client, made):
    rows = [row(number) for number in range(1, 21)]
    rows[4] = row(5, unit="xyz", quantity_amount="many")
    rows[9] = row(10, title="=HYPERLINK(1)", node="不存在的节点")
    answer = client.post(address("file", made.rfq.key), {"file": workbook(rows), "lines": ""})
    assert answer.status_code == 200
    outcome = answer.context["outcome"]
    assert (outcome.created, sorted(outcome.rows_with_problems)) == (18, [6, 11])
    labels = {str(column.label) for column in LineSheet.base_columns()}
    assert {problem.column for problem in outcome.problems} <= labels
    assert {(problem.row, problem.value) for problem in outcome.problems} >= {
        (6, "xyz"),
        (6, "many"),
        (11, "不存在的节点"),
    }
    assert all(problem.reason for problem in outcome.problems)
    assert not Posting.objects.filter(enterprise=made.firm).exists()
    token = token_of(answer)
    rejected = client.get(address("rejected", made.rfq.key, token))
    sheet = load_workbook(io.BytesIO(rejected.content)).active
    told = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert len(told) == 3
    assert told[1][:2] == ["P-5", "示例铸件 5"]
    assert told[1][-2] == 6
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    client.post(address("take_in", made.rfq.key, token))
    lines = made.lines()
    assert len(lines) == 18
    first = lines[0].need
    assert (first.status, first.unit.code, first.node.code, first.region.code) == (
        Status.DRAFT, "PCS", "AUTO.BODY.CAST", "510100",
    )  # fmt: skip
    assert (first.period, first.subject, first.external_key) == ("once", "component", "P-1")


def test_gb18030_and_pasted_lines_are_read_and_rows_count_as_the_author_counts(client, made):
    text = (
        "own number,title,chain node,quantity,unit\n1,示例齿轮,AUTO.BODY.CAST,5,件\n2,示例轴,AUTO.BODY.CAST,zero,件\n"
    )
    upload = SimpleUploadedFile("lines.csv", text.encode("gb18030"))
    answer = client.post(address("file", made.rfq.key), {"file": upload, "lines": ""})
    assert [problem.row for problem in answer.context["outcome"].problems] == [3]
    client.post(address("take_in", made.rfq.key, token_of(answer)))
    pasted = "A-1\t示例壳体\tAUTO.BODY.CAST\t12\t件\nA-2\t示例盖板\tAUTO.BODY.CAST\t\t件"
    answer = client.post(address("file", made.rfq.key), {"lines": pasted})
    assert answer.context["outcome"].created == 1
    assert [problem.row for problem in answer.context["outcome"].problems] == [2]
    client.post(address("take_in", made.rfq.key, token_of(answer)))
    assert [line.need.title for line in made.lines()] == ["示例齿轮", "示例壳体"]


def test_usual_heads_are_understood_and_what_is_wrong_with_pasted_lines_stands_at_them(client, made):
    pasted = "料号\t品名\t节点\t数量\t单位\nA-1\t示例壳体\tAUTO.BODY.CAST\t12\t件"
    answer = client.post(address("file", made.rfq.key), {"lines": pasted})
    assert answer.context["outcome"].created == 1
    answer = client.post(address("file", made.rfq.key), {"lines": pasted.replace("单位", "装箱")})
    assert list(answer.context["form"].errors) == ["lines"]
    assert "示例壳体" in answer.content.decode()


def test_rejected_rows_are_had_of_a_file_that_more_than_half_filled_the_package(client, made):
    rows = [row(number) for number in range(1, 102)] + [row(102, quantity_amount="many")]
    answer = client.post(address("file", made.rfq.key), {"file": workbook(rows), "lines": ""})
    client.post(address("take_in", made.rfq.key, token_of(answer)))
    assert len(made.lines()) == 101
    rejected = load_workbook(io.BytesIO(client.get(address("rejected", made.rfq.key, token_of(answer))).content)).active
    assert [cell.value for cell in next(rejected.iter_cols())][1:] == ["P-102"]


def test_a_draft_tells_until_when_quotes_will_be_taken(client, made):
    page = client.get(f"/en{address('detail', made.rfq.key)}").content.decode()
    assert "Quotes are taken until" in page
    assert "The deadline for quotes was" not in page


def test_a_rehearsal_writes_nothing_and_finds_what_taking_in_would_refuse(client, made):
    PostingFactory(enterprise=made.firm, external_key="P-2")
    rows = [row(1), row(2), row(3, text="请致电 13800001111"), row(4, title="x" * 200), row(5, quantity_amount=-1)]
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address("file", made.rfq.key), {"file": workbook(rows), "lines": ""})
    assert sorted(answer.context["outcome"].rows_with_problems) == [3, 4, 5, 6]
    written = [
        one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE")) and "session" not in one["sql"]
    ]
    assert written == []
    client.post(address("take_in", made.rfq.key, token_of(answer)))
    assert [line.need.external_key for line in made.lines()] == ["P-1"]
    assert client.post(address("take_in", made.rfq.key, token_of(answer))).status_code == 404
    rejected = load_workbook(io.BytesIO(client.get(address("rejected", made.rfq.key, token_of(answer))).content)).active
    assert [cell.value for cell in next(rejected.iter_cols())][1:] == ["P-2", "P-3", "P-4", "P-5"]


@pytest.mark.parametrize(
    "sent",
    [
        {"lines": ""},
        {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken"), "lines": ""},
        {"file": SimpleUploadedFile("x.csv", b"title,unit\nA,pcs\n"), "lines": ""},
        {"file": SimpleUploadedFile("x.csv", "\n".join(["title", *["x"] * 201]).encode()), "lines": ""},
    ],
    ids=["nothing", "broken", "columns missing", "too many"],
)
def test_what_cannot_be_read_is_told_at_the_form(client, made, sent):
    answer = client.post(address("file", made.rfq.key), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not made.lines()


def test_a_rehearsed_file_belongs_to_its_session_and_package(client, made, signed_in):
    answer = client.post(address("file", made.rfq.key), {"file": workbook([row(1)]), "lines": ""})
    token = token_of(answer)
    colleague = signed_in(MembershipFactory(enterprise=made.firm).user)
    assert colleague.post(address("take_in", made.rfq.key, token)).status_code == 404
    other = signed_in(MembershipFactory().user)
    assert other.post(address("take_in", made.rfq.key, token)).status_code == 404
    assert other.get(address("detail", made.rfq.key)).status_code == 404


def test_the_template_has_the_heads_of_the_readers_language(client):
    for prefix, language in (("", "zh-hans"), ("/en", "en")):
        content = client.get(f"{prefix}/packages/columns/").content
        heads = [cell.value for cell in next(load_workbook(io.BytesIO(content)).active.iter_rows())]
        with translation.override(language):
            assert heads == [str(column.label) for column in LineSheet.base_columns()]


def test_own_needs_are_chosen_taken_out_and_published(client, made):
    need, draft = PostingFactory(enterprise=made.firm), PostingFactory(enterprise=made.firm, draft=True)
    answer = client.post(address("add", made.rfq.key), {"needs": [need.number, draft.number]})
    assert answer.status_code == 302
    lines = made.lines()
    assert {line.need_id for line in lines} == {need.pk, draft.pk}
    client.post(address("remove", made.rfq.key, next(line.pk for line in lines if line.need_id == need.pk)))
    assert [line.need_id for line in made.lines()] == [draft.pk]
    answer = client.post(address("publish", made.rfq.key), {"seen_version": made.now.version})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.status, made.now.state) == (Status.PUBLISHED, "open")


def test_what_stops_a_publication_is_told_by_line(client, made):
    draft = PostingFactory(enterprise=made.firm, draft=True, node=None)
    client.post(address("add", made.rfq.key), {"needs": [draft.number]})
    answer = client.post(address("publish", made.rfq.key), {})
    assert answer.status_code == 422
    assert [problem["line"] for problem in answer.context["problems"]] == ["1"]
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_viewers_read_and_change_nothing(made, signed_in):
    reader = signed_in(MembershipFactory(enterprise=made.firm, viewer=True).user)
    assert reader.get(address("detail", made.rfq.key)).status_code == 200
    for name in ("edit", "file"):
        assert reader.get(address(name, made.rfq.key)).status_code == 403
    for name in ("publish", "discard", "close", "add"):
        assert reader.post(address(name, made.rfq.key)).status_code == 403


def test_a_draft_is_changed_and_thrown_away(client, made):
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    answer = client.post(
        address("edit", made.rfq.key), {"title": "示例新名", "due_on": due, "seen_version": made.now.version}
    )
    assert answer.status_code == 302
    assert made.now.title == "示例新名"
    assert (
        client.post(address("edit", made.rfq.key), {"title": "x", "due_on": due, "seen_version": 1}).status_code == 409
    )
    assert client.post(address("discard", made.rfq.key)).status_code == 302
    assert not Rfq.objects.exists()
