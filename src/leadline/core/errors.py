"""The tree of errors. Each says what happened, where, and what to do next.

LeadlineError
├── InputError            the command or what it was given is wrong     exit 2
│   ├── TaxonomyError     a taxonomy file is wrong (file and line)      exit 2
│   └── ModelFileError    a model file is damaged or refused            exit 2
└── RunError              the run could not be finished                 exit 1
    └── LedgerError       leads in and leads out do not balance         exit 1
"""

from __future__ import annotations

__all__ = ["InputError", "LeadlineError", "LedgerError", "ModelFileError", "RunError", "TaxonomyError"]


class LeadlineError(Exception):
    """What every error of Leadline is; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(LeadlineError):
    """The command, an option or an input file is wrong; nothing was written."""

    exit_code = 2


class TaxonomyError(InputError):
    """A taxonomy file does not say what a taxonomy must; the message names file and line."""


class ModelFileError(InputError):
    """A model file is damaged, of another format, or holds something that is not plain data."""


class RunError(LeadlineError):
    """The run started and could not be finished; what was there before is untouched."""


class LedgerError(RunError):
    """Leads in ≠ accepted + skipped: a bug or a file that changed while it was read."""
