"""python3 -m oracle.so_far --binary PATH --count N --seed S: what the judge calls a violation so far, it calls one in the end.

Random histories, their actors mixed at random, cut off after any line: every violation of `judge --so-far` on what is
left is in the result of the whole, with its kind, partition, messages and offsets. Left out are histories in which a
producer contradicts itself: no order of evidence makes sense of those. Besides, what is left says the same with a line
more that bears on nothing: it sends the judge the long way through partitions in which plainly nothing is wrong.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

from .generate import history
from .lines_of import dump, recut_and_remix
from .plain import plain

SINGLE = ("kind", "topic", "partition")


def result(binary, data, *options):
    done = subprocess.run([binary, "judge", "-", "--json", *options], input=data, capture_output=True, timeout=20, check=False)
    if done.returncode == 2:
        return None  # bad input
    if done.returncode not in (0, 10, 12):
        raise Died(f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}\n{data.decode()}")
    return json.loads(done.stdout)


class Died(Exception):
    """The judge ended as no judgement does."""


def the_long_way(records):
    """With a reader that sought in every partition and was handed nothing."""
    partitions = sorted({(r["topic"], r["partition"]) for r in records if r["event"] in ("send", "deliver")})
    return [*records, {"event": "consumer", "consumer": "nobody"},
            *({"event": "seek", "consumer": "nobody", "topic": t, "partition": p, "offset": 0} for t, p in partitions)]


def contradictory(records):
    """A word on a transaction that has ended, or on its records; a second `commit_asked`."""
    of_record, asked, ended = {}, set(), set()
    for r in records:
        if r["event"] == "transaction":
            key = r["producer"], r["transaction"]
            if key in ended or (r["state"] == "commit_asked" and key in asked):
                return True
            if r["state"] == "commit_asked":
                asked.add(key)
            if r["state"] in ("committed", "aborted"):
                ended.add(key)
        elif r["event"] in ("send", "refuse"):
            for sequence in range(r["sequence"], r["sequence"] + r.get("count", 1)):
                id_ = r["producer"], r["topic"], r["partition"], sequence
                if r["event"] == "send" and "transaction" in r:
                    of_record.setdefault(id_, (r["producer"], r["transaction"]))
                if of_record.get(id_) in ended:
                    return True
    return False


def accused(findings):
    """(kind, topic, partition) -> what violations of that kind there speak of."""
    of = {}
    for f in findings:
        if f["severity"] != "violation":
            continue
        seen = of.setdefault(tuple(f[name] for name in SINGLE), {"any"})
        seen.update((m["producer"], m["sequence"] + n) for m in f["messages"] for n in range(m["count"]))
        seen.update(o["offset"] + n for o in f["offsets"] for n in range(o["count"]))
        seen.update((t["producer"], t["transaction"], "transaction") for t in f.get("transactions", ()))
    return of


def withdrawn(binary, records, prefixes, rng):
    """(prefix, what of it, what is wrong), of the first prefix of which it accuses of what the whole does not, or of
    which the long way says something else. And how many violations were called."""
    whole = result(binary, dump(records))
    if whole is None or not whole["books"]["balanced"] or contradictory(records):
        return None, 0
    final, called = accused(whole["findings"]), 0
    for length in sorted(rng.sample(range(1, len(records)), min(prefixes, len(records) - 1))):
        early = result(binary, dump(records[:length]), "--so-far")
        if early is None:
            continue  # audits that do not join yet
        longer = result(binary, dump(the_long_way(records[:length])), "--so-far")
        for name in ("findings", "books"):
            if longer is None or early[name] != longer[name]:
                return (length, name, f"{early[name]} and, the long way, {longer and longer[name]}"), called
        for key, seen in accused(early["findings"]).items():
            called += 1
            if not seen <= final.get(key, set()):
                return (length, key, seen - final.get(key, set())), called
    return None, called


def compare(binary, seeds, prefixes):
    called = 0
    for seed in seeds:
        rng = random.Random(f"so far {seed}")
        records = plain(seed) if seed % 4 == 0 else recut_and_remix(rng, history(seed, rng.choice((0, 0, 3))))
        try:
            found, some = withdrawn(binary, records, prefixes, rng)
        except Died as died:
            return called, f"seed {seed}: {died}"
        called += some
        if found is not None:
            return called, f"seed {seed}, first {found[0]} lines: {found[1]} {found[2]}\n{dump(records).decode()}"
    return called, None


def main():
    parser = argparse.ArgumentParser(prog="oracle.so_far", description=__doc__)
    parser.add_argument("--binary", required=True, type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prefixes", type=int, default=8, help="of each history")
    arguments = parser.parse_args()
    called, found = compare(arguments.binary, range(arguments.seed, arguments.seed + arguments.count), arguments.prefixes)
    print(found or f"{arguments.count} histories, {called} violations called before the end, all of them stood")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
