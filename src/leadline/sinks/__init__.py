"""Places that results go to. Each is a `Sink`: it takes leads table by table, then is closed or discarded.

`OutputFolder` holds the files of one run and puts them into place all at once.
"""

from __future__ import annotations

from leadline.sinks.behind import Behind
from leadline.sinks.outputs import OUTPUT_ROOT, OutputFolder
from leadline.sinks.protocol import Sink
from leadline.sinks.table import CsvSink, ParquetSink, table_sink

__all__ = ["OUTPUT_ROOT", "Behind", "CsvSink", "OutputFolder", "ParquetSink", "Sink", "table_sink"]
