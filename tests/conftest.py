"""What holds for every test: this machine is reached and no other; no deadline that a slow machine misses."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("leadline", deadline=None)
settings.load_profile("leadline")


class NetworkRefusedError(RuntimeError):
    """A test tried to reach something outside this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuses to look up or connect to any host but loopback."""
    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_unless_here(host)
        return real_lookup(host, *arguments, **options)

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_unless_here(address[0])
            return real(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(name))
        yield


def _refuse_unless_here(host: object) -> None:
    if not _is_here(host):
        raise NetworkRefusedError(f"Tests reach nothing but this machine: {host!r} was asked for.")
