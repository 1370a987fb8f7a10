"""Measures against the budgets: `python -m tests.bench`, or only some of it: `python -m tests.bench start bulk`.

Prints one line for each budget; the exit status is 1 where one was missed."""

from __future__ import annotations

import argparse
import sys

from tests.bench import browser, checks, lists, start
from tests.bench.budget import Bench

BENCHES: dict[str, Bench] = {
    "start": start.first_frame,
    "lists": lists.lists,
    "bulk": checks.bulk,
    "report": checks.report,
    "stop": checks.stop,
    "browser": browser.browser,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure against the budgets.")
    parser.add_argument(
        "only", nargs="*", metavar="NAME", help=f"which to measure: {', '.join(BENCHES)} (default: all)"
    )
    asked = parser.parse_args().only or list(BENCHES)
    if unknown := [name for name in asked if name not in BENCHES]:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    missed = 0
    for name in asked:
        for row in BENCHES[name]():
            print(row, flush=True)
            missed += row.within is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
