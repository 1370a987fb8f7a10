"""A practice org with 20,000 errors, one day of 3,000 among them, a separate process on real sockets: read whole."""

from __future__ import annotations

import json
import math
from pathlib import Path

from tests.triage.test_practice import session_on
from tui.sandbox.options import Options
from tui.sandbox.serve import start


async def test_twenty_thousand_errors_are_read_whole_within_their_budget(tmp_path: Path) -> None:
    options = Options(dir=tmp_path / "practice", users=150, errors=20_000)
    with start(options) as running:
        assert json.loads((running.dir / "world.json").read_text("utf-8"))["errors"] == 20_000
        async with session_on(running, tmp_path / "journal.db") as session:
            report = await session.errors()
            assert (len(report.rows), report.total, report.complete, report.note) == (20_000, 20_000, True, "")
            assert len({row.id for row in report.rows}) == 20_000
            assert sum(not row.id.endswith("-1") for row in report.rows) >= 200  # equal rows
            runs = [call for call in session.calls if call.method == "POST" and "/analytics/reports/" in call.path]
            assert len(runs) <= math.ceil(20_000 / 1800) + 4 + 2
            days = [row.at for row in report.rows if row.at]
            assert days == sorted(days, reverse=True)
