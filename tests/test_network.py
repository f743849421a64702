"""Tests reach this machine and nothing else."""

from __future__ import annotations

import socket

import pytest

#: An address that documentation may use and nobody has (RFC 5737, RFC 3849).
NOBODY = [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]


@pytest.mark.parametrize(("family", "address"), NOBODY)
@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused(family: int, address: str, method: str) -> None:
    with socket.socket(family) as client, pytest.raises(RuntimeError, match="nothing but this machine"):
        getattr(client, method)((address, 443))


def test_the_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="nothing but this machine"):
        socket.create_connection(("leads.example", 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_connection_to_this_machine_is_made(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((host, port)) as client:
            assert client.getpeername()[1] == port
