"""The yardstick: a bare Polars copy of a CSV file, all columns as text, with constant columns added."""

from __future__ import annotations

import sys

import polars as pl

pl.scan_csv(sys.argv[1], infer_schema=False).with_columns(
    pl.lit("Sales").alias("Role"),
    pl.lit(80).alias("Role Confidence"),
    pl.lit("rule").alias("Role Decided By"),
    pl.lit("Manager").alias("Seniority"),
    pl.lit(80).alias("Seniority Confidence"),
    pl.lit("rule").alias("Seniority Decided By"),
).sink_csv(sys.argv[2])
