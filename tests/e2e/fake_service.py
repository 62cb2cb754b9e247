"""A service for agents to break: answers Kafka's ApiVersions and nothing else. `fake_service.py DIR` starts it as a broker's
start command would: it returns when the process exists and its pid file is written.

DIR/settings.json: port, term_delay (seconds a SIGTERM takes), start_delay (seconds until it listens), broken (the start fails).
"""

import json
import os
import resource
import signal
import socket
import sys
import time


def serve(port: int) -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    while True:
        client, _ = listener.accept()
        with client:
            client.settimeout(5)
            try:
                request = client.recv(1024)
                if request:
                    answer = request[8:12] + b"\0\0" + b"\0\0\0\0"  # correlation id, error code, no api keys
                    client.sendall(len(answer).to_bytes(4, "big") + answer)
            except OSError:
                pass


def main(folder: str) -> None:
    # A full disk of the agent (tests play it by a limit) is not one of its services.
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    with open(f"{folder}/settings.json", encoding="utf-8") as file:
        settings = json.load(file)
    with open(f"{folder}/starts", "a", encoding="utf-8") as file:
        file.write(f"{time.monotonic_ns()}\n")
    if settings["broken"]:
        os.write(2, b"broken on purpose, and not in UTF-8: \xe9\n")
        sys.exit(1)
    pid = os.fork()
    if pid:
        with open(f"{folder}/pid.new", "w", encoding="utf-8") as file:
            file.write(f"{pid}\n")
        with open(f"{folder}/pids", "a", encoding="utf-8") as file:
            file.write(f"{pid}\n")
        os.replace(f"{folder}/pid.new", f"{folder}/pid")
        os._exit(0)

    def end(*_: object) -> None:
        time.sleep(settings["term_delay"])
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    time.sleep(settings["start_delay"])
    serve(settings["port"])


main(sys.argv[1])
