"""Writes in a thread of its own, so that the next leads are worked on while the last are written."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from leadline.sinks.protocol import Sink

__all__ = ["Behind"]


class Behind:
    """A sink that hands each table to `sink` in another thread, in order, at most one at a time.

    An error of a write is raised by the next `write` or by `close`.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._last: Future[None] | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Waits for the table before, then hands this one over."""
        self._wait()
        self._last = self._thread.submit(self._sink.write, frame)

    def close(self) -> None:
        """Waits for the last table and finishes."""
        try:
            self._wait()
        finally:
            self._thread.shutdown()
        self._sink.close()

    def discard(self) -> None:
        """Lets a write that has begun end, then removes everything."""
        self._thread.shutdown(cancel_futures=True)
        self._sink.discard()

    def _wait(self) -> None:
        if self._last is not None:
            last, self._last = self._last, None
            last.result()
