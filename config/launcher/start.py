"""Decides what a command needs before Django can run it, then becomes that Django process.

``verify``, ``lock_requirements`` and ``up --check`` are run from here; every other command is Django's.
"""

import os
from collections.abc import Sequence

from config.launcher.check import check
from config.launcher.environment import ensure_environment, ensure_writable
from config.launcher.places import data_folder, django_call, django_surroundings
from config.launcher.requirements import lock_requirements
from config.launcher.verification import verify
from config.launcher.words import Stopped, make_output_safe, say

DEV_COMMANDS = ("collect_translations",)  # commands that import development packages
PUBLISHED = {"STATIC_MANIFEST": "1", "STATIC_FINDERS": "0"}  # static files are served collected, named by their hash


def main(arguments: Sequence[str]) -> int:
    """Run one command of ``manage.py``; its exit status, unless the process has become Django itself.

    What stops the launcher is printed with what to do, in both languages; the status is then 1.
    """
    make_output_safe()
    try:
        return launch(arguments)
    except Stopped as stopped:
        print(f"\n{stopped}", flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def launch(arguments: Sequence[str]) -> int:
    """Hand ``arguments`` to the part of the launcher that knows them, else to Django."""
    command = arguments[0] if arguments else ""
    asks_for_help = "-h" in arguments or "--help" in arguments
    if os.name == "nt":
        raise Stopped("windows")
    if command == "lock_requirements":
        return lock_requirements(arguments[1:])
    if command == "verify":
        ensure_environment("dev")
        return verify(arguments[1:])
    if command in ("", "help", "-h", "--help") and len(arguments) < 2:
        say("help")
    ensure_environment("dev" if command in DEV_COMMANDS else "run", show=command == "up" and not asks_for_help)
    if command == "up" and "--check" in arguments:
        return check(PUBLISHED)
    if command == "up" and not asks_for_help:
        ensure_writable(data_folder())
    become_django(arguments)
    return 0


def become_django(arguments: Sequence[str]) -> None:
    """Replace this process by Django's, so that signals and the exit status need no passing on."""
    call = django_call(*arguments)
    surroundings = django_surroundings()
    if arguments and arguments[0] == "up":
        surroundings = {**PUBLISHED, **surroundings}
    os.execve(call[0], call, surroundings)
