"""Asks the supervisor of a cluster one thing: a line over its unix socket, a line of JSON back.

Also a script of its own (`supervisor_client.py SOCKET start 1`): agents use it as the start command of a service, so
it imports nothing of the package, needs no environment and takes some tens of milliseconds.
"""

import json
import os
import socket
import sys
import time

TIMEOUT_S = 30.0  # It answers at once, but not while the disk of the machine stalls.
MAX_LINE = 1 << 20


def ask(socket_path: str, *words: str, timeout_s: float = TIMEOUT_S) -> dict:
    """Raises OSError if nobody listens or no whole answer comes in time."""
    deadline = time.monotonic() + timeout_s
    directory, name = os.path.split(os.path.abspath(socket_path))
    # A unix socket's path may have 107 bytes; by way of its folder's descriptor any depth will do.
    folder = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        while True:
            try:
                return _ask_once(f"/proc/self/fd/{folder}/{name}", words, timeout_s)
            except (BrokenPipeError, ConnectionResetError):
                # A machine so busy that our line came later than the supervisor waits for one: nothing was done.
                if time.monotonic() >= deadline:
                    raise
    finally:
        os.close(folder)


def _ask_once(path: str, words: tuple[str, ...], timeout_s: float) -> dict:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        connection.connect(path)
        connection.sendall(" ".join(words).encode() + b"\n")
        return json.loads(_read_line(connection))


def _read_line(connection: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        more = connection.recv(65536)
        if not more or len(line) > MAX_LINE:
            raise ConnectionError("the supervisor closed the connection without an answer")
        line += more
    return line


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print("usage: supervisor_client.py SOCKET COMMAND [ARGUMENT...]", file=sys.stderr)
        return 1
    try:
        answer = ask(*arguments)
    except OSError as error:
        print(f"no supervisor at {arguments[0]}: {error}", file=sys.stderr)
        return 20
    if "error" in answer:
        print(answer["error"], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
