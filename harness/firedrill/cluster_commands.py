"""`python -m firedrill cluster ...`: clusters for people and for scripts."""

import argparse
import json
import os
import signal
import threading
import time
from pathlib import Path

from firedrill import log_surgery
from firedrill.admin import answers_api_versions
from firedrill.cluster import Cluster
from firedrill.cluster_file import Node
from firedrill.cluster_folders import known_folders, new_folder, the_folder
from firedrill.cluster_plan import ClusterPlan
from firedrill.errors import HarnessError


def add_to(things: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cluster = things.add_parser("cluster", help="a real Kafka cluster on this machine")
    commands = cluster.add_subparsers(required=True, metavar="COMMAND")
    _add_up(commands)
    _add(commands, "status", _status, "what runs, where it listens")
    for name, run, help_text in (("stop-broker", _stop_broker, "stops a node; returns when its process is gone"),
                                 ("start-broker", _start_broker, "starts a stopped node; returns when it serves")):
        _add(commands, name, run, help_text).add_argument("node", type=int, help="its node id")
    commands.choices["stop-broker"].add_argument("--hard", action="store_true", help="kill -9")
    _add_cut_log(commands)
    down = _add(commands, "down", _down, "ends a cluster and removes its folder")
    down.add_argument("--keep", action="store_true", help="keep the folder: logs, data, configuration")
    down.add_argument("--all", action="store_true", help="every cluster that was started without --dir")


def _add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: object,
         help_text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("--dir", type=Path, help="the folder of the cluster (default: the only one)")
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    parser.set_defaults(run=run)
    return parser


def _add_up(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = _add(commands, "up", _up, "starts a cluster; returns when it serves")
    up.add_argument("--brokers", type=int, default=3, metavar="N")
    up.add_argument("--controllers", type=_controllers, default=None, metavar="N|combined",
                    help="so many controllers apart from the brokers (default: combined, each broker is one)")
    up.add_argument("--kafka-home", type=Path, help="an unpacked Kafka instead of the jars of Maven Central")
    up.add_argument("--config", action="append", default=[], metavar="KEY=VALUE",
                    help="into every server.properties; may be repeated")
    up.add_argument("--foreground", action="store_true", help="stay; Ctrl-C ends the cluster and removes it")
    up.add_argument("--owner-pid", type=int, metavar="PID", help="the cluster ends when this process does ($$ in a script)")


def _add_cut_log(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cut = _add(commands, "cut-log", _cut_log, "cuts the end off a partition's log on every replica; all must be stopped")
    cut.add_argument("--topic", required=True)
    cut.add_argument("--partition", type=int, default=0)
    cut.add_argument("--bytes", type=int, required=True, help="how many, from the shortest replica")


def _controllers(text: str) -> int | None:
    return None if text == "combined" else int(text)


def _up(chosen: argparse.Namespace) -> int:
    pairs = dict(_key_and_value(text) for text in chosen.config)
    plan = ClusterPlan(chosen.brokers, chosen.controllers, chosen.kafka_home, pairs)
    if chosen.owner_pid is not None and not Path(f"/proc/{chosen.owner_pid}").exists():
        raise HarnessError(f"--owner-pid {chosen.owner_pid}: there is no such process")
    begin = time.monotonic()
    cluster = Cluster.start(chosen.dir or new_folder(), plan, chosen.owner_pid)
    took = time.monotonic() - begin
    asked_to_end = _catch_ending_signals() if chosen.foreground else None  # before anybody knows that we are ready
    stop = _how_to_stop(chosen, cluster.directory)
    description = _description(cluster)
    if chosen.json:
        print(json.dumps(description | {"ready_after_s": round(took, 2), "stop": stop}), flush=True)
    else:
        print(f"{_text(description)}\nstop it:   {stop}\nready after {took:.1f} s", flush=True)
    if asked_to_end is not None:
        asked_to_end.wait()
        cluster.remove()
    elif chosen.owner_pid is None:
        cluster.release()
    return 0


def _status(chosen: argparse.Namespace) -> int:
    folders = known_folders() if chosen.dir is None else [chosen.dir]
    descriptions = [_description(Cluster.open(folder)) for folder in folders]
    if chosen.json:
        print(json.dumps({"clusters": descriptions}))
    else:
        print("\n".join(map(_text, descriptions)) or "no cluster")
    return 0


def _stop_broker(chosen: argparse.Namespace) -> int:
    cluster = Cluster.open(the_folder(chosen.dir))
    cluster.stop_node(chosen.node, chosen.hard)
    return _report_node(chosen, cluster, "stopped")


def _start_broker(chosen: argparse.Namespace) -> int:
    cluster = Cluster.open(the_folder(chosen.dir))
    cluster.start_node(chosen.node)
    return _report_node(chosen, cluster, "serves")


def _cut_log(chosen: argparse.Namespace) -> int:
    cuts = log_surgery.cut_everywhere(Cluster.open(the_folder(chosen.dir)), chosen.topic, chosen.partition, chosen.bytes)
    if chosen.json:
        print(json.dumps({"cuts": [cut.to_json() for cut in cuts]}))
    else:
        print("\n".join(cut.describe() for cut in cuts))
    return 0


def _down(chosen: argparse.Namespace) -> int:
    folders = known_folders() if chosen.all else [the_folder(chosen.dir)]
    for folder in folders:
        cluster = Cluster.open(folder)
        if chosen.keep:
            cluster.stop_cleanly()
        else:
            cluster.remove()
        if not chosen.json:
            print(f"{folder}: ended, {'kept' if chosen.keep else 'removed'}")
    if chosen.json:
        print(json.dumps({"ended": [str(folder) for folder in folders], "removed": not chosen.keep}))
    return 0


def _report_node(chosen: argparse.Namespace, cluster: Cluster, what: str) -> int:
    node = cluster.file.node(chosen.node)
    if chosen.json:
        print(json.dumps(next(state for state in cluster.status()["nodes"] if state["node_id"] == chosen.node)))
    else:
        print(f"{node.name} {what}")
    return 0


def _how_to_stop(chosen: argparse.Namespace, directory: Path) -> str:
    if chosen.foreground:
        return "Ctrl-C"
    if chosen.owner_pid is not None:
        return f"kill {chosen.owner_pid}, which owns it"
    found_by = f"PYTHONPATH={os.environ['PYTHONPATH']} " if "PYTHONPATH" in os.environ else ""
    return f"{found_by}python3 -m firedrill cluster down --dir {directory}"


def _description(cluster: Cluster) -> dict:
    """A cluster of which nothing runs any more is described too."""
    status = cluster.status() if cluster.supervised() else {"isolation": None, "nodes": []}
    states = {state["node_id"]: state for state in status["nodes"]}
    return {"dir": str(cluster.directory), "cluster_id": cluster.file.cluster_id,
            "kafka_version": cluster.file.kafka_version, "bootstrap": cluster.bootstrap,
            "agent_file": str(cluster.agent_file), "isolation": status["isolation"],
            "nodes": [_node_description(node, states.get(node.node_id, {})) for node in cluster.file.nodes]}


def _node_description(node: Node, state: dict) -> dict:
    running = state.get("running", False)
    return {"name": node.name, "node_id": node.node_id, "roles": list(node.roles), "pid": state.get("pid"),
            "address": "{}:{}".format(*node.address), "running": running,
            "serves": running and answers_api_versions(node.address, timeout_s=1.0)}


def _text(description: dict) -> str:
    isolation = description["isolation"]
    lines = [f"Kafka {description['kafka_version']} in {description['dir']}, "
             + (f"held by a {isolation}" if isolation else "nothing of it runs")]
    for node in description["nodes"]:
        state = "stopped" if not node["running"] else f"pid {node['pid']}" + ("" if node["serves"] else ", does not answer")
        lines.append(f"  {node['name']:<16} {node['address']:<18} {'+'.join(node['roles']):<18} {state}")
    return "\n".join([*lines, f"bootstrap: {description['bootstrap']}"])


def _key_and_value(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise HarnessError(f"--config {text}: it should be KEY=VALUE")
    return key, value


def _catch_ending_signals() -> threading.Event:
    caught = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: caught.set())
    return caught
