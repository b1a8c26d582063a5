"""Start the whole product: prepare data, then run web server and background worker until Ctrl-C.

Every step may run again at any time: it does what is missing and keeps what people entered.
"""

import io
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.utils import InterfaceError, OperationalError

from config.launcher.environment import Beside, beside, writing
from config.launcher.places import django_call, django_surroundings, module_call
from config.launcher.ports import address, ensure_port_free, site_answers
from config.launcher.progress import Step
from config.launcher.supervisor import Supervisor
from config.launcher.words import Stopped, make_output_safe, say

READY_SECONDS = 60.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STEPS: dict[str, dict[str, object]] = {  # command and its options, in the order in which each needs the one before
    "prepare_tables": {},
    "load_all": {},
    "seed_demo": {},
    "refresh_weak_links": {"changed": True},
    "refresh_flows": {"changed": True},
    "compile_translations": {},
    "publish_static": {},
    "encode_postings": {},
    "build_snapshot": {},
}
BESIDE = "matchmaking.matching.services.compiling"
"""Runs beside the site once it answers: before, compiling would take the processor from the steps and the first page.
The web processes look for compiled code later than that, see config/gunicorn.py.
"""
DEMO_STEP = "seed_demo"


class Command(BaseCommand):
    """One command from a clone to a running site."""

    help = "Prepare everything and run the site with its background worker. Safe to run again; keeps your data."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and whether sample data is wanted."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--no-demo", action="store_true", help="load no sample firms and no demo sign-ins")
        parser.add_argument(
            "--check", action="store_true", help="try all of it on a throw-away database and a free port, then exit"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Run until stopped; status 1 and words that say what to do when a step fails."""
        make_output_safe()
        host, port, demo = str(options["host"]), int(str(options["port"])), not options["no_demo"]
        if options["check"]:
            raise CommandError("Run the check from outside: python3 manage.py up --check")
        try:
            ensure_port_free(host, port)
            prepare(demo=demo)
            serve(host, port, demo=demo)
        except Stopped as stopped:
            self.stdout.write(f"\n{stopped}")
            raise SystemExit(1) from stopped
        except KeyboardInterrupt as interrupt:
            raise SystemExit(130) from interrupt


def prepare(*, demo: bool) -> None:
    """Bring database, reference data, sample data, translations, static files and snapshot up to date.

    Raises Stopped at the first step that fails.
    """
    with Step("step_settings") as step:
        step.note = str(settings.DATA_DIR)
    for name, options in STEPS.items():
        if demo or name != DEMO_STEP:
            with Step(f"step_{name}"), explained(), writing(settings.DATA_DIR):
                call_command(name, stdout=io.StringIO(), **options)


@contextmanager
def compiling() -> Iterator[Beside | None]:
    """Compile the ranking meanwhile, unless all of it is kept. Nobody waits: the plain form answers until then."""
    if Path(settings.COMPILED_MARK).exists():
        yield None
    else:
        with beside(module_call(BESIDE), django_surroundings()) as program:
            yield program


def told(ranking: Beside | None) -> Iterator[None]:
    """Say that the ranking is being compiled, and in the end what it came to; a failure stops nothing."""
    if ranking is None:
        return
    if not ranking.is_over():
        say("compiling")
    while not ranking.is_over():
        yield
    fault = ranking.finish()
    if fault:
        say("compile_failed", reason=fault)
    else:
        say("compiled")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a step raises into words that say what to do. Raises Stopped."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Stopped(
            database_words(str(error)), reason=" ".join(str(error).split()), place=settings.DATA_DIR
        ) from error
    except CommandError as error:
        raise Stopped("step_failed", reason=str(error)) from error
    except Stopped:
        raise
    except Exception as error:
        raise Stopped("step_failed", details=traceback.format_exc(), reason=repr(error)) from error


def database_words(message: str) -> str:
    """Code of the words that fit what a database said."""
    if "readonly" in message or "unable to open" in message:
        return "no_permission"
    return "disk_full" if "disk is full" in message else "database_unusable"


def serve(host: str, port: int, *, demo: bool) -> None:
    """Run web server and worker until Ctrl-C or SIGTERM. Raises Stopped when the site does not come up."""
    connections.close_all()
    url = address(host, port)
    surroundings = django_surroundings(SITE_ADDRESS=os.environ.get("SITE_ADDRESS", url.rstrip("/")))
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = module_call("gunicorn", "--config", "python:config.gunicorn", "--bind", listen)
    with Supervisor() as supervisor:
        with Step("step_start"):
            supervisor.add("web", web, surroundings)
            running = supervisor.wait_until(lambda: site_answers(url), READY_SECONDS)
            # Second, so that the two do not compete for the processor while somebody waits for the first page.
            if running:
                supervisor.add("worker", django_call("db_worker", "--no-reload", "--queue-name", "*"), surroundings)
        if running:
            with compiling() as ranking:
                welcome(host, url, demo=demo)
                supervisor.watch(told(ranking))
        print(flush=True)
        with Step("step_stop"):
            supervisor.stop()
    say("up_stopped")


def welcome(host: str, url: str, *, demo: bool) -> None:
    """Say where the site is, who can sign in, and where the data lies."""
    print(flush=True)
    say("up_ready", address=url)
    if host not in LOOPBACK:
        say("host_note", allowed=", ".join(settings.ALLOWED_HOSTS))
    if demo:
        say("up_sign_ins")
        call_command("demo_sign_ins")
        connections.close_all()
        say("up_second_factor", address=url)
    else:
        say("up_no_demo", address=url, mail=settings.EMAIL_FILE_PATH)
    say("up_data", place=settings.DATA_DIR)
