"""`python -m leadline` is the `leadline` command."""

from __future__ import annotations

from leadline.cli import main

if __name__ == "__main__":
    main()
