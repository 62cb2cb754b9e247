"""Free ports that stay ours while a broker is down.

They lie below the range from which the kernel takes ports for outgoing connections, else a client could sit on the
port of a killed broker. A claim is an abstract unix socket named after the port: it lives in the same network
namespace as the port itself and disappears with the last process that holds it, so that no lock file can go stale.
"""

import errno
import random
import socket

from firedrill.errors import HarnessError

FIRST_PORT = 17000
LAST_PORT = 31999


class PortClaims:
    """Ports claimed for one cluster; whoever inherits `descriptors()` holds them too."""

    def __init__(self) -> None:
        self._claims: list[socket.socket] = []

    def take(self, host: str) -> int:
        for port in random.sample(range(FIRST_PORT, LAST_PORT + 1), 500):
            claim = _claim(port)
            if claim is None:
                continue
            if _is_free(host, port):
                self._claims.append(claim)
                return port
            claim.close()
        raise HarnessError(f"no free port on {host} between {FIRST_PORT} and {LAST_PORT}")

    def descriptors(self) -> list[int]:
        return [claim.fileno() for claim in self._claims]

    def close(self) -> None:
        for claim in self._claims:
            claim.close()
        self._claims.clear()


def _claim(port: int) -> socket.socket | None:
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0firedrill-port-{port}")
        return claim
    except OSError as error:
        claim.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((host, port))
            return True
        except OSError:
            return False
