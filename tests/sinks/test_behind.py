"""A sink behind a thread writes the same tables in the same order, and hides no error."""

from __future__ import annotations

import threading
import time

import polars as pl
import pytest

from leadline.core.errors import RunError
from leadline.sinks import Behind


class Slow:
    """A sink that takes its time, and refuses the table that says so."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.threads: set[str] = set()
        self.ended = ""

    def write(self, frame: pl.DataFrame) -> None:
        time.sleep(0.01)  # long enough for the next table to come meanwhile
        if frame.item() < 0:
            raise RunError("no")
        self.threads.add(threading.current_thread().name)
        self.written.append(frame.item())

    def close(self) -> None:
        self.ended = "closed"

    def discard(self) -> None:
        self.ended = "discarded"


def table(number: int) -> pl.DataFrame:
    return pl.DataFrame({"n": [number]})


def test_tables_are_written_in_order_in_another_thread_and_before_closing() -> None:
    slow = Slow()
    behind = Behind(slow)
    for number in range(10):
        behind.write(table(number))
    behind.close()
    assert slow.written == list(range(10))
    assert threading.current_thread().name not in slow.threads
    assert slow.ended == "closed"


def test_an_error_of_the_last_table_is_raised_when_closing_and_nothing_is_closed() -> None:
    slow = Slow()
    behind = Behind(slow)
    behind.write(table(-1))
    with pytest.raises(RunError, match="no"):
        behind.close()
    assert slow.ended == ""
    behind.discard()
    assert slow.ended == "discarded"


def test_an_error_in_the_middle_is_raised_by_the_next_table() -> None:
    slow = Slow()
    behind = Behind(slow)
    behind.write(table(-1))
    with pytest.raises(RunError, match="no"):
        behind.write(table(1))
    behind.discard()
    assert slow.written == []
