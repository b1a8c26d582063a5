"""Asks the whole market again, or what changed in it, and tells owners of new good matches."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from accounts.services.outbox import take_mail_due
from accounts.tasks import mail_notices
from matchmaking.matching.choices import RematchScope
from matchmaking.matching.models import RematchRun
from matchmaking.matching.services.rematching.crew import CrewLost, Figures, Hands, by_processes, carry_out_run
from matchmaking.matching.services.rematching.digest import tell_news
from matchmaking.matching.services.rematching.estimating import (
    LEAST_CAPACITIES,
    WHOLE_CAPACITIES,
    WHOLE_NEEDS,
    Estimate,
    estimate_whole_market,
)
from matchmaking.matching.services.rematching.planning import open_run

MOST_WORKERS = 64


class Command(BaseCommand):
    """Safe to stop at any moment and to start again: a run that is open is gone on with."""

    help = "Rank changed postings again (--all: every need) and tell owners of new good matches, one notice each."
    hands: Hands = staticmethod(by_processes)
    workers = 1

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is asked, and by how many processes."""
        parser.add_argument("--all", action="store_true", dest="everything", help="every need, not what changed")
        told = f"processes that rank (default: {self.workers})"
        parser.add_argument("--workers", type=int, default=self.workers, help=told)

    def handle(self, *args: Any, everything: bool, workers: int, **options: Any) -> None:
        """Prints figures, with ``--all`` an extrapolation; fails when jobs were given up; the next call tries them."""
        if not 1 <= workers <= MOST_WORKERS:
            raise CommandError(f"--workers is 1 to {MOST_WORKERS}.")
        run = open_run(scope=RematchScope.ALL if everything else RematchScope.CHANGED)
        try:
            figures = self.carry_out(run, workers)
        except CrewLost as lost:
            raise CommandError(f"{lost}. Call again to go on where it stopped.") from lost
        self.stdout.write(table(figures))
        if figures.asked and everything:
            self.stdout.write(extrapolation(estimate_whole_market(day=run.day)))
        if figures.given_up:
            raise CommandError(f"Given up for now, call again: {', '.join(figures.given_up)}")
        told = tell_news(run=run)
        if take_mail_due():
            mail_notices.enqueue()
        self.stdout.write(f"new good matches told: {told.matches}, to firms: {told.firms}")

    def carry_out(self, run: RematchRun, workers: int) -> Figures:
        """All jobs, with a bar where there is a terminal."""
        with Progress(
            "[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), transient=True,
        ) as bar:  # fmt: skip
            task = bar.add_task("jobs", total=None)

            def look(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            def say(line: str) -> None:
                self.stdout.write(line)
                self.stdout.flush()

            return carry_out_run(run=run, workers=workers, look=look, say=say, hands=self.hands)


def table(figures: Figures) -> str:
    """The figures for people."""
    if not figures.asked:
        return "nothing to ask"
    return (
        f"asked {figures.asked} postings with {figures.workers} worker(s): {figures.a_second:.0f} a second, "
        f"{figures.cpu_a_thousand:.2f} CPU seconds per 1,000"
    )


def extrapolation(told: Estimate | None) -> str:
    """What a large market would take, and what that rests on."""
    whole = f"{WHOLE_NEEDS:,} needs over {WHOLE_CAPACITIES:,} capacities"
    if told is None:
        return f"{whole}: not extrapolated from fewer than {LEAST_CAPACITIES:,} capacities"
    return (
        f"extrapolated, not measured: {whole} in {told.cpu_seconds:,.0f} CPU seconds of ranking, answers not written;\n"
        f"{told.ms_in_any_market:.3f} ms a question in any market and {100_000 * told.ms_a_capacity:.3f} ms for each "
        f"100,000 capacities, by a line through {told.part.ms_a_question:.3f} ms over {told.part.capacities:,} and "
        f"{told.whole.ms_a_question:.3f} ms over {told.whole.capacities:,} ({told.questions} questions)"
    )
