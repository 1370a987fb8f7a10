"""Threads for look-ups of host names that may hang: daemons, so that they hold up no end of the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Daemons(ThreadPoolExecutor):
    """Look-ups of host names, each in a daemon thread: one that hangs must not hold up quitting."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(function(*arguments, **named))
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the result
                future.set_exception(error)

        threading.Thread(target=work, daemon=True, name="look-up").start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing to wait for."""
