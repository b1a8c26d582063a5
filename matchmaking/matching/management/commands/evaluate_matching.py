"""Measures the text part of the matcher on a judged set, or the whole of it on scenarios."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matchmaking.matching.services.measurements import evaluate_set, set_named
from matchmaking.matching.services.scenarios import evaluate_scenarios

MEASURES = ("ndcg", "mrr", "recall")


class Command(BaseCommand):
    """Prints the three measures with their intervals; fails below a check."""

    help = "Print nDCG@10, MRR and recall@10 of the live text matching on a set of judged queries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The set, the system, where to write the ranking, and the least that is accepted."""
        parser.add_argument(
            "--set", dest="name", required=True, help="folder with three jsonl files, a scenarios.json, or a known name"
        )
        parser.add_argument("--system", choices=["current", "no-encoder", "lexical"], default="current")
        parser.add_argument("--judged-only", action="store_true", help="rank only candidates with a grade")
        parser.add_argument("--by", choices=["sector", "lang", "trap"], default="", help="measure by group too")
        parser.add_argument("--run", type=Path, default=None, help="write one ranking a query to this file")
        parser.add_argument("--worst", type=int, nargs="?", const=10, default=0, help="print the worst queries")
        parser.add_argument("--check", action="append", default=[], help="such as ndcg=0.6; fails below")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, name: str, system: str, **options: Any) -> None:
        """On judged sets structured factors are off: only texts are compared. Fails when a scenario comes out wrong."""
        try:
            place = set_named(name)
            if place.is_file():
                self._scenarios(evaluate_scenarios(path=place, system=system), as_json=options["as_json"])
                return
            told = evaluate_set(folder=place, system=system, judged_only=options["judged_only"], by=options["by"])
            least = {name: float(value) for name, _, value in (check.partition("=") for check in options["check"])}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"This set or check cannot be read: {error}") from error
        self._judged(told, least, options)

    def _judged(self, told: dict[str, Any], least: Mapping[str, float], options: Mapping[str, Any]) -> None:
        rankings = told.pop("rankings")
        told["worst"] = told["worst"][: options["worst"]]
        if run := options["run"]:
            lines = [json.dumps({"query_id": query, "ranking": ranking}) for query, ranking in rankings.items()]
            run.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if options["as_json"]:
            self.stdout.write(json.dumps(told, sort_keys=True))
        else:
            self._print(told)
        below = [name for name, value in least.items() if told["measures"].get(name, {"mean": 0})["mean"] < value]
        if below:
            raise CommandError(f"Below the check: {', '.join(below)}")

    def _scenarios(self, told: Mapping[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, sort_keys=True))
        else:
            self.stdout.write(f"{told['set']}: {told['right']} of {told['scenarios']} right, encoder {told['encoder']}")
        if told["wrong"]:
            lines = [f"{scenario}: {'; '.join(problems)}" for scenario, problems in told["wrong"].items()]
            raise CommandError("\n".join(lines))

    def _print(self, told: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"{told['set']}: {told['queries']} queries, {told['candidates']} candidates, {told['system']}"
        )
        for group, measures in {"": told["measures"], **told["by"]}.items():
            for name in MEASURES:
                self.stdout.write(f"  {group:12} {name:7} {_interval(measures[name])}")
        self.stdout.write(f"  ndcg more than lexical, paired: {_interval(told['to_lexical'])}")
        for query, value in told["worst"]:
            self.stdout.write(f"  worst {query} {value:.3f}")
        self.stdout.write(f"  {told['ms_a_query']} ms a query, encoder {told['encoder']}")


def _interval(value: Mapping[str, float]) -> str:
    return f"{value['mean']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
