"""Work ahead of the consumer in a thread, by a bounded number of items."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

__all__ = ["ahead"]

T = TypeVar("T")


class _Channel(Generic[T]):
    """A bounded queue that either side can end."""

    def __init__(self, items: int) -> None:
        self._queue: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue(items)
        self._stopped = threading.Event()

    def fill(self, source: Callable[[], Iterator[T]]) -> None:
        try:
            for item in source():
                if not self._put(("item", item)):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
            self._put(("error", error))
        else:
            self._put(("end", None))

    def _put(self, entry: tuple[str, T | BaseException | None]) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(entry, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def drain(self) -> Iterator[T]:
        while True:
            kind, value = self._queue.get()
            if kind == "end":
                return
            if isinstance(value, BaseException) and kind == "error":
                raise value
            yield value  # type: ignore[misc]  # an entry of kind "item" holds a T

    def stop(self) -> None:
        self._stopped.set()


def ahead(source: Callable[[], Iterator[T]], *, items: int = 1) -> Generator[T, None, None]:
    """The items of `source()`, made in a thread of their own.

    At most `items` wait finished while one more is being made. An exception of the source is raised
    here, after the items before it. Closing the iterator stops the thread and waits for it.
    """
    channel: _Channel[T] = _Channel(items)
    worker = threading.Thread(target=channel.fill, args=(source,), name="leadline-reader", daemon=True)
    worker.start()
    try:
        yield from channel.drain()
    finally:
        channel.stop()
        worker.join()
