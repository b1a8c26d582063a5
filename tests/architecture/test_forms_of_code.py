"""Services, predicates, docstrings and the tree keep their form."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("config", "web", "api", "matchmaking", "accounts", "reference", "common")
NOT_CHINESE = ("common/reason_texts.py",)
LOCAL = re.compile(
    r"(?<![\w.])/(?:home|root|work|Users)/|(?:pypi|pythonhosted|npmjs|debian)\.org|BEGIN [A-Z ]*PRIVATE KEY"
)


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path below the root and syntax tree of each of our files outside migrations."""
    for folder in folders or OURS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions of the module itself that others may call."""
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"))


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of every services module that take an actor or change rows."""
    for path, tree in trees("accounts", "reference", "matchmaking"):
        if "/services" in path:
            for node in public_functions(tree):
                yield path, node


def test_services_that_act_for_somebody_take_keywords_only():
    assert [
        (path, node.name)
        for path, node in services()
        if any(argument.arg == "actor" for argument in [*node.args.args, *node.args.kwonlyargs])
        and (node.args.args or node.returns is None)
    ] == []


def test_services_that_act_for_somebody_ask_whether_they_may():
    assert [
        (path, node.name)
        for path, node in services()
        if any(argument.arg == "actor" for argument in node.args.kwonlyargs)
        and not re.search(r"\brequire\(|actor=actor", ast.unparse(node))
    ] == []


def test_predicates_take_somebody_and_something_and_answer_with_a_verdict():
    assert [
        (path, node.name)
        for path, tree in trees("accounts", "reference", "matchmaking")
        if "/permissions" in path
        for node in public_functions(tree)
        if node.name.startswith("can_")
        and (node.returns is None or ast.unparse(node.returns) != "Verdict" or len(node.args.args) < 2)
    ] == []


def test_modules_and_public_functions_say_what_they_do():
    modules = [path for path, tree in trees() if not ast.get_docstring(tree)]
    functions = [
        (path, node.name) for path, tree in trees() for node in public_functions(tree) if not ast.get_docstring(node)
    ]
    assert (modules, functions) == ([], [])


def test_docstrings_say_more_than_the_name():
    assert [
        (path, node.name)
        for path, tree in trees("accounts", "matchmaking", "reference", "common")
        if "/services" in path or "/engine/" in path or "/queries" in path
        for node in public_functions(tree)
        if len(set(re.findall(r"\w+", (ast.get_docstring(node) or "").lower())) - set(node.name.split("_"))) < 3
    ] == []


def test_no_chinese_letters_in_code():
    assert [
        path
        for folder in OURS
        for path in (file.relative_to(ROOT).as_posix() for file in sorted((ROOT / folder).rglob("*.py")))
        if path not in NOT_CHINESE and re.search(r"[\u3400-\u9fff]", (ROOT / path).read_text(encoding="utf-8"))
    ] == []


def test_no_chinese_letters_in_templates():
    assert [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file() and re.search(r"[\u3400-\u9fff]", path.read_text(encoding="utf-8"))
    ] == []


def tracked() -> list[str]:
    """Files that git keeps."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_local_in_the_tree():
    found = []
    for name in tracked():
        if name.endswith((".png", ".ico")) or name == Path(__file__).relative_to(ROOT).as_posix():
            continue
        if LOCAL.search((ROOT / name).read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []


def test_the_root_stays_small():
    assert len({name.split("/")[0] for name in tracked()}) <= 20


def test_nothing_is_silenced():
    marks = re.compile(r"# (?:noqa|type: ignore|pragma: no cover)|pytest\.mark\.(?:skip|xfail)|\bTODO\b|\bFIXME\b")
    this = Path(__file__).relative_to(ROOT).as_posix()
    assert [
        name
        for name in tracked()
        if name.endswith(".py") and name != this and marks.search((ROOT / name).read_text(encoding="utf-8"))
    ] == []


def test_decision_records_are_short_and_numbered_once():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name[:4] for record in records]
    assert records
    assert [n for n in numbers if numbers.count(n) > 1 or not n.isdigit()] == []
    assert [r.name for r in records if len(r.read_text(encoding="utf-8").splitlines()) > 60] == []
