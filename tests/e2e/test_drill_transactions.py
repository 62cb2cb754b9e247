"""Exactly-once, for real: a processor dies in mid transaction, a producer restarts, and nothing is torn or made twice."""

import json
import signal
import subprocess
from pathlib import Path

from agent_host import wait_for
from drill import Run, agent_of, own_agent, write_scenario

from firedrill.cluster import Cluster

PIPELINE = """
scenario: pipeline
topics:
  - {name: orders, partitions: 2, replication_factor: 3}
  - {name: bills, partitions: 2, replication_factor: 3}
workloads:
  - {name: writer, kind: transact, topic: orders, rate: 300/s, linger: 100ms, transaction_messages: 30, abort_share: 0.3}
  - name: relay
    kind: transact
    count: 2
    input: orders
    group: relays
    static: true
    topic: bills
    linger: 100ms
    transaction_messages: 30
    abort_share: 0.3
  - {name: reader, kind: consume, topic: bills, group: readers, protocol: consumer}
phases:
  - {name: warmup, steps: [{until: delivered >= 100, within: 60s}]}
  - name: events
    steps:
      - {event: kill, workload: relay, order: random}
      - {event: restart, workload: writer}
  - {name: recovery, steps: [{wait: 1s}]}
drain: {within: 60s}
audit: {within: 60s}
expect: [lost == 0, unprocessed == 0, processed-twice == 0, aborted-read == 0, torn-transaction == 0, aborted >= 30]
"""


def test_exactly_once_through_killed_processors(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path, PIPELINE)
    run = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap, *own_agent(kafka_cluster))
    assert run.end() == 0, run.told()
    report = run.report()
    faults = {fault["fault"]: fault for fault in report["faults"]}
    assert set(faults) == {"kill-relay-1", "kill-relay-2", "restart-writer"}
    assert all(fault["active_ns"] is not None and fault["reverted_ns"] is not None for fault in faults.values())
    dump = subprocess.run([str(firedrill_binary), "evidence", "dump", str(run.folder)], capture_output=True, check=True)
    events = [json.loads(line) for line in dump.stdout.splitlines()]
    # Every record of the output says what it was made from, and every delivery to a processor in which transaction.
    inputs = {(event["of"]["partition"], event["of"]["offset"]) for event in events if event["event"] == "input"}
    relays = {event["consumer"] for event in events if event["event"] == "consumer" and "relays" in event.get("group", "")}
    assert len(relays) == 4, "two members, each in two incarnations"
    read = {(event["partition"], event["offset"] + i) for event in events
            if event["event"] == "deliver" and event["consumer"] in relays and "within" in event
            for i in range(event.get("count", 1))}
    assert inputs == read
    fenced = [event["producer"] for event in events
              if event["event"] == "producer" and event.get("transactional_id", "").endswith(".relay-1")]
    assert len(fenced) == 2


def test_an_event_is_asked_for_once(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    agent = agent_of(firedrill_binary, kafka_cluster, tmp_path)
    try:
        cluster = {"bootstrap": kafka_cluster.bootstrap}
        topics = {"cluster": cluster, "topics": [{"name": "asked-once"}]}
        agent.call("POST", "/v1/tasks", {"id": "t", "run": "r", "kind": "topics", "spec": topics})
        wait_for(lambda: agent.call("GET", "/v1/tasks/t")[1]["state"] == "done", "the topic is there", 30)
        spec = {"cluster": cluster, "topic": "asked-once", "rate": 100}
        agent.call("POST", "/v1/tasks", {"id": "p", "run": "r", "kind": "produce", "spec": spec})
        event = {"id": "e", "event": "restart", "for_ms": 0}
        assert agent.call("POST", "/v1/tasks/p/events", event)[0] == 201
        assert agent.call("POST", "/v1/tasks/p/events", event)[0] == 200
        assert agent.call("POST", "/v1/tasks/p/events", event | {"for_ms": 1})[0] == 409
        assert agent.call("POST", "/v1/tasks/p/events", {"id": "f", "event": "explode"})[0] == 400
        assert agent.call("POST", "/v1/tasks/nobody/events", event)[0] == 404
        assert agent.call("POST", "/v1/tasks/t/events", event)[0] == 409
        wait_for(lambda: agent.call("GET", "/v1/tasks/p")[1]["progress"]["events"]["e"] == "over", "it is over", 30)
        assert agent.call("GET", "/v1/tasks/p")[1]["progress"]["incarnations"] == 2
        agent.call("POST", "/v1/tasks/p/stop", {})
        wait_for(lambda: agent.call("GET", "/v1/tasks/p")[1]["state"] == "done", "it ends", 30)
        assert agent.call("POST", "/v1/tasks/p/events", event | {"id": "g"})[0] == 409
    finally:
        agent.end(signal.SIGTERM)
