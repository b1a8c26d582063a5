"""One line per step with its time, moving while a terminal watches and plain in a log."""

import sys
import threading
import time
from types import TracebackType
from typing import TextIO

from config.launcher.words import label

TICK_SECONDS = 0.2


class Step:
    """Shows that a step runs, and how long it took once it ended; ``note`` is printed behind its name.

    A step fails when ``failed`` was set, or by an exception, which is let pass. Writes to ``stream``, by default
    standard output.
    """

    def __init__(self, code: str, *, stream: TextIO | None = None) -> None:
        self.label = label(code)
        self.note = ""
        self.failed = False
        self._stream = stream or sys.stdout
        self._moving = self._stream.isatty()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Step":
        self._began = time.perf_counter()
        if self._moving:
            self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._moving:
            self._ticker.join()
        mark = "FAILED" if self.failed or kind is not None else "ok"
        self._show(f"{mark:6} {self._seconds():6.1f} s  {self.label}{f'  ({self.note})' if self.note else ''}\n")

    def _seconds(self) -> float:
        return time.perf_counter() - self._began

    def _tick(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            self._show(f"{'...':6} {self._seconds():6.1f} s  {self.label}")

    def _show(self, text: str) -> None:
        self._stream.write(f"\r\033[K{text}" if self._moving else text)
        self._stream.flush()
