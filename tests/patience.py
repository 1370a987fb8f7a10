"""Limits of time that hold on a busy machine as on a quiet one."""

from __future__ import annotations

import os


def patient(seconds: float) -> float:
    """That many seconds where nothing else runs; more by as many programs as wait for each processor, for each of them
    takes its turn."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(1.0, 2 * waiting)
