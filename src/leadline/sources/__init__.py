"""Places that leads come from. Each gives the input's columns and then its leads, batch by batch.

A source never drops a lead: a line that cannot be read travels in the same batch, as `Unreadable`,
at the place where it stood. `open_source` opens any file; `find_column` finds what to classify in it.
"""

from __future__ import annotations

from leadline.sources.batch import Batch, Source, Unreadable
from leadline.sources.columns import Found, find_column, id_places
from leadline.sources.open import open_source

__all__ = ["Batch", "Found", "Source", "Unreadable", "find_column", "id_places", "open_source"]
