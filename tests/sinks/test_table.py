"""Tables as files, and what they look like when read again."""

from __future__ import annotations

import csv
import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.core.errors import RunError
from leadline.sinks import CsvSink, ParquetSink, Sink, table_sink
from leadline.sources import open_source

CELLS = st.none() | st.text(
    st.sampled_from("\",\n\r'=+-@ \t") | st.characters(exclude_categories=["Cs"]), min_size=1
)


def test_a_csv_file_has_a_byte_order_mark_commas_and_its_own_header(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["Id", "Title", "Title", ""])
    sink.write(pl.DataFrame({"a": ["1", "2"], "b": ["x,y", None], "c": ['q"', ""], "d": ["two\nlines", "é"]}))
    sink.write(
        pl.DataFrame({"e": ["3"], "f": ["r\r"], "g": [" "], "h": [None]}, schema_overrides={"h": pl.String})
    )
    sink.close()
    sink.close()
    assert (tmp_path / "a.csv").read_bytes() == (
        '\ufeffId,Title,Title,\n1,"x,y","q""","two\nlines"\n2,,"",é\n3,"r\r", ,\n'.encode()
    )


def test_formulas_are_neutralised_but_not_in_the_columns_of_ids(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["Id", "Title", "Score"], neutralise=[False, True, True])
    sink.write(pl.DataFrame({"a": ["=1", "-x"], "b": ["=1", "-5"], "c": [-1, 2]}))
    sink.close()
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "Id,Title,Score\n=1,'=1,-1\n-x,-5,2\n"


def test_raw_cells_leaves_every_cell_as_it_is(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["Title"], raw_cells=True)
    sink.write(pl.DataFrame({"a": ["=1"]}))
    sink.close()
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "Title\n=1\n"


def test_every_type_of_column_becomes_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "bool": [True],
            "date": [datetime.date(2024, 1, 2)],
            "duration": [datetime.timedelta(hours=1)],
            "list": [[1, 2]],
            "struct": [{"x": "é", "y": b"z"}],
            "bytes": [b"\xff\x00"],
            "text bytes": [b"=1"],
            "null": [None],
            "enum": pl.Series(["=x"], dtype=pl.Enum(["=x"])),
        }
    )
    sink = CsvSink(tmp_path / "a.csv", frame.columns)
    sink.write(frame)
    sink.close()
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.reader(file))[1]
    assert row == ["true", "2024-01-02", "PT1H", "[1, 2]", '{"x": "é", "y": "z"}', "ff00", "'=1", "", "'=x"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.booleans())
def test_what_is_written_reads_back_equal_but_for_apostrophes_that_were_there(
    rows: list[tuple[str | None, str | None]], raw: bool
) -> None:
    kept = [row for row in rows if raw or not any(cell is not None and cell.startswith("'") for cell in row)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        sink = CsvSink(path, ["Title", "Note"], raw_cells=raw)
        sink.write(pl.DataFrame(kept, schema={"a": pl.String, "b": pl.String}, orient="row"))
        sink.close()
        back = [row for batch in open_source(path, raw_cells=raw).batches() for row in batch.frame.rows()]
        assert back == kept
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == len(kept) + 1


def test_an_empty_cell_alone_on_its_line_is_still_a_row_when_read_back(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["Title"])
    sink.write(pl.DataFrame({"a": ["x", None, ""]}))
    sink.close()
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == 'Title\nx\n""\n""\n'
    assert [batch.frame.height for batch in open_source(tmp_path / "a.csv").batches()] == [3]


def test_parquet_keeps_types_and_order_and_renames_repeated_headers(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path / "a.parquet", ["Title", "Title (2)", "Title"])
    frames = [pl.DataFrame({"a": [f"=t{n}"], "b": [n], "c": [[n]]}) for n in range(20)]
    for frame in frames:
        sink.write(frame)
    sink.close()
    sink.close()
    table = pl.read_parquet(tmp_path / "a.parquet")
    assert table.columns == ["Title", "Title (2)", "Title (3)"]
    assert table.rows() == pl.concat(frames).rows()
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("frames", [0, 1])
def test_parquet_of_no_table_or_one_is_a_file_as_well(tmp_path: Path, frames: int) -> None:
    sink = ParquetSink(tmp_path / "a.parquet", ["Title"])
    for _ in range(frames):
        sink.write(pl.DataFrame({"a": ["x"]}))
    sink.close()
    assert pl.read_parquet(tmp_path / "a.parquet").columns == ["Title"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


@pytest.fixture(params=["a.csv", "a.parquet"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[list[str]], Sink]:
    """Every registered sink, over which the contract below is tested."""
    return lambda headers: table_sink(tmp_path / request.param, headers)


def test_a_discarded_sink_leaves_nothing(make: Callable[[list[str]], Sink], tmp_path: Path) -> None:
    sink = make(["Title"])
    sink.write(pl.DataFrame({"a": ["x"]}))
    sink.discard()
    sink.discard()
    assert list(tmp_path.iterdir()) == []


def test_discarding_after_closing_does_nothing(make: Callable[[list[str]], Sink], tmp_path: Path) -> None:
    sink = make(["Title"])
    sink.write(pl.DataFrame({"a": ["x"]}))
    sink.close()
    sink.discard()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_frame_of_another_width_is_a_programming_error(make: Callable[[list[str]], Sink]) -> None:
    sink = make(["Title", "Id"])
    with pytest.raises(ValueError, match="1 columns for 2 headers"):
        sink.write(pl.DataFrame({"a": ["x"]}))
    sink.discard()


def test_a_full_disk_is_explained(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    sink = CsvSink(tmp_path / "a.csv", ["Title"])
    sink._file.close()  # noqa: SLF001 - a disk that fills up between two tables
    sink._file = full.open("wb", buffering=0)  # noqa: SLF001
    with pytest.raises(RunError, match=r"The disk is full: .*untouched\. Free some space"):
        sink.write(pl.DataFrame({"a": ["x"]}))
    sink.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_before_the_header_is_explained_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("leadline.sinks.table._header_line", refuse)
    with pytest.raises(RunError, match="The disk is full"):
        CsvSink(tmp_path / "a.csv", ["Title"])
    assert list(tmp_path.iterdir()) == []
