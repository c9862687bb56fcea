"""A wire that counts what goes over it, for clients that read an answer in one go."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

__all__ = ["relay"]

_RESET = struct.pack("ii", 1, 0)
_PIECE = 65_536


@contextmanager
def relay(port: int, *, after: int, do: Callable[[], None]) -> Iterator[int]:
    """A port that leads to `port`; of each answer, `do` is called after so many bytes.

    What the server sends then still goes through, and the connection ends as the
    server ends it: in order, or with a reset.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_lead, args=(client, port, after, do)).start()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _lead(client: socket.socket, port: int, after: int, do: Callable[[], None]) -> None:
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        asking = threading.Thread(target=_copy, args=(client, server))
        asking.start()
        passed = 0
        try:
            while piece := server.recv(_PIECE):
                client.sendall(piece)
                if passed < after <= passed + len(piece):
                    do()
                passed += len(piece)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RD)
            server.shutdown(socket.SHUT_RDWR)
        asking.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
