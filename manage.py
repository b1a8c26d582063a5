#!/usr/bin/env python3
"""The one door to every command: finds or makes the project's own Python environment, then runs Django inside it.

Needs nothing but Python. This file keeps to syntax that old interpreters read, so that they can say what is missing.
"""

import runpy
import sys

LOWEST_PYTHON = (3, 11)

if tuple(sys.version_info) < LOWEST_PYTHON:
    found = ".".join(map(str, sys.version_info[:2])) + " (" + str(sys.executable) + ")"
    sys.exit(
        "Chuanyu Match needs Python 3.11+; this is Python " + found + ".\n"
        "What to do: install a newer Python, then run it with that one, for example: python3.11 manage.py up"
    )

runpy.run_module("config.launcher", run_name="__main__")
