"""On an old interpreter manage.py still parses and says what is missing; the launcher needs no package."""

import ast
import re
import runpy
import subprocess
import sys

import pytest

from config.launcher.places import ROOT


def test_manage_parses_with_the_grammar_of_old_interpreters():
    source = (ROOT / "manage.py").read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 4))

    assert re.search(r"\bf[\"']", source) is None
    assert source.isascii()


def test_manage_on_an_old_interpreter_names_the_version_it_needs(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")

    assert "needs Python 3.11+; this is Python 3.8" in str(ended.value.code)
    assert "What to do" in str(ended.value.code)


def test_launcher_imports_with_no_package_installed():
    names = [f"config.launcher.{path.stem}" for path in (ROOT / "config" / "launcher").glob("[a-z]*.py")]
    code = "\n".join(["import sys", f"sys.path.insert(0, {str(ROOT)!r})", *(f"import {name}" for name in names)])

    bare = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)

    assert (bare.returncode, bare.stderr) == (0, "")
    assert len(names) >= 9
