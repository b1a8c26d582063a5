"""Keeps the web server and the worker running: starts them, restarts one that dies, stops both on Ctrl-C or SIGTERM."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import TextIO

from config.launcher.words import Stopped, say

LOOK_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a child that lived this long starts again with the first pause
GRACE_SECONDS = 25.0  # longer than the web server's own grace of 20 s
PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG
LIBC = ctypes.CDLL(None)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_with_parent() -> None:
    """Between fork and exec: have Linux end this program when the supervisor is killed and cannot say so any more."""
    if sys.platform == "linux":
        LIBC.prctl(PARENT_DEATH_SIGNAL, int(signal.SIGTERM))


class Child:
    """One program to keep running, in a session of its own, so that Ctrl-C reaches the supervisor alone."""

    def __init__(
        self, name: str, call: Sequence[str], surroundings: Mapping[str, str], output: TextIO | None = None
    ) -> None:
        self.name = name
        self.call = call
        self.surroundings = surroundings
        self.output = output
        self.pause = FIRST_PAUSE_SECONDS
        self.due: float | None = None  # when to start again; None while it runs
        self.start()

    def start(self) -> None:
        """Run the program."""
        self.process = subprocess.Popen(
            self.call,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self.began = time.monotonic()
        self.due = None

    def look(self) -> None:
        """Notice a death and plan the restart, or restart when the pause is over."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self.start()
        elif self.process.poll() is not None:
            if now - self.began >= STEADY_SECONDS:
                self.pause = FIRST_PAUSE_SECONDS
            say("up_child_died", name=self.name, status=self.process.returncode, pause=self.pause)
            self.due = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program: a kill to all it started, too; anything else to itself, which passes it on."""
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            return


class Supervisor:
    """Owns the children from start to stop; use as a context, which stops them whatever happens inside."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.signals_seen = 0

    def __enter__(self) -> "Supervisor":
        for number in STOPPING:
            signal.signal(number, self._remember)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.signals_seen += 1

    def add(
        self, name: str, call: Sequence[str], surroundings: Mapping[str, str], output: TextIO | None = None
    ) -> None:
        """Start one more program; what it prints goes to ``output``, by default to where ours goes."""
        self.children.append(Child(name, call, surroundings, output))

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``ready`` holds; False when a stop was asked for meanwhile.

        Raises Stopped when a child dies before, or the time is over.
        """
        limit = time.monotonic() + seconds
        while not self.signals_seen:
            for child in self.children:
                if child.process.poll() is not None:
                    raise Stopped("child_died", name=child.name, status=child.process.returncode)
            if ready():
                return True
            if time.monotonic() > limit:
                raise Stopped("no_answer", seconds=int(seconds))
            time.sleep(LOOK_SECONDS)
        return False

    def watch(self, meanwhile: Iterator[None] | None = None) -> None:
        """Restart what dies, until Ctrl-C or SIGTERM, and take a step of ``meanwhile`` each time."""
        while not self.signals_seen:
            for child in self.children:
                child.look()
            if meanwhile:
                next(meanwhile, None)
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Ask every child to end, wait, and kill what stays; a further Ctrl-C kills at once."""
        running = [child for child in self.children if child.process.poll() is None]
        for child in running:
            child.signal(signal.SIGTERM)
        limit = time.monotonic() + GRACE_SECONDS
        seen = self.signals_seen
        while any(child.process.poll() is None for child in running):
            if time.monotonic() > limit or self.signals_seen > seen:
                break
            time.sleep(LOOK_SECONDS)
        for child in self.children:
            child.signal(signal.SIGKILL)
            child.process.wait()
