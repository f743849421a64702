"""Sources made of whatever bytes a test writes down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sourcereading import Reading, everything

from leadline.sources import open_source


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Reads bytes as the file of that name."""

    def read_bytes(content: bytes, name: str = "leads.csv", **options: object) -> Reading:
        path = tmp_path / name
        path.write_bytes(content)
        return everything(open_source(path, **options))  # type: ignore[arg-type]

    return read_bytes
