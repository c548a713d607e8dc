"""Sockets to 127.0.0.1 and nowhere else, for as long as a loopback runs."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_socket import enable_socket, socket_allow_hosts

HERE = "127.0.0.1"


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Lift the tests' ban on sockets for this machine; names stay unresolvable as they were."""
    guarded, names, addresses = socket.socket, socket.getaddrinfo, socket.gethostbyname
    enable_socket()
    socket.getaddrinfo, socket.gethostbyname = names, addresses
    real, connect = socket.socket, socket.socket.connect
    socket_allow_hosts([HERE], allow_unix_socket=True)
    try:
        yield
    finally:
        real.connect = connect  # type: ignore[method-assign]
        socket.socket = guarded  # type: ignore[misc]
