"""python3 -m oracle.compare --binary PATH --count N --seed S: the C++ judge against the slow one, on random histories.

Each sort of difference is shrunk to few lines and printed once; exit 1 if there is one. Explanations, witnesses, faults
and the wording of reasons may differ. Besides, the C++ judge against itself: mixed and cut in another way, the same
history has the same result.
"""

import argparse
import json
import random
import re
import subprocess
import sys
from pathlib import Path

from .corners_of_groups import ALL as CORNERS
from .generate import broken, history
from .judge import judge
from .lines import BadInput
from .lines_of import dump, far_away, load, recut_and_remix, stretch
from .mutate import mutate
from .plain import plain
from .shrink import shrink

FREE = ("explanation", "witnesses", "faults")


def canonical(result):
    """What must be equal: everything but free text; messages and offsets as sets, findings as a sorted list."""
    findings = []
    for f in result["findings"]:
        plain = {k: v for k, v in f.items() if k not in FREE and v is not None}
        plain["messages"] = sorted(
            [m["producer"], m["sequence"] + n] for m in f["messages"] for n in range(m["count"]))
        plain["offsets"] = runs_joined([(o["offset"], o["count"]) for o in f["offsets"]])
        findings.append(json.dumps(plain, sort_keys=True))
    books = result["books"] if result["books"]["balanced"] else {"balanced": False}
    return {"verdict": result["verdict"], "exit_code": result["exit_code"], "books": books,
            "reasons": bool(result["reasons"]), "findings": sorted(findings)}


def runs_joined(runs):
    joined = []
    for first, count in sorted(runs):
        if joined and joined[-1][0] + joined[-1][1] == first:
            joined[-1][1] += count
        else:
            joined.append([first, count])
    return joined


def slow(data):
    try:
        return canonical(judge(data))
    except BadInput as error:
        return {"bad": error.line}


def fast(binary, data):
    done = subprocess.run([binary, "judge", "-", "--json"], input=data, capture_output=True, timeout=20, check=False)
    if done.returncode == 2:
        line = re.search(rb"line (\d+)", done.stderr)
        return {"bad": int(line.group(1)) if line else done.stderr.decode(errors="replace")}
    try:
        result = json.loads(done.stdout)
    except ValueError:
        return {"crash": done.returncode, "stderr": done.stderr.decode(errors="replace")[-300:]}
    mine = canonical(result)
    if done.returncode != mine["exit_code"]:
        mine["process_exit"] = done.returncode
    if [sort_key(f) for f in result["findings"]] != sorted(sort_key(f) for f in result["findings"]):
        mine["unsorted"] = True
    return mine


def sort_key(f):
    return (("violation", "undecided", "allowed").index(f["severity"]), f["topic"] or "",
            -1 if f["partition"] is None else f["partition"], f["offsets"][0]["offset"] if f["offsets"] else -1,
            f["kind"])


def difference(binary, data):
    mine, theirs = slow(data), fast(binary, data)
    return None if mine == theirs else (mine, theirs)


def explain(mine, theirs):
    lines = []
    for name in sorted(set(mine) | set(theirs)):
        a, b = mine.get(name), theirs.get(name)
        if a == b:
            continue
        if name == "findings" and a is not None and b is not None:
            lines += [f"  only oracle: {x}" for x in a if x not in b or a.count(x) > b.count(x)]
            lines += [f"  only binary: {x}" for x in b if x not in a or b.count(x) > a.count(x)]
        elif name == "books" and a is not None and b is not None:
            lines += [f"  books.{k}: oracle {a.get(k)}, binary {b.get(k)}"
                      for k in sorted({*a, *b}) if a.get(k) != b.get(k)]
        else:
            lines.append(f"  {name}: oracle {a}, binary {b}")
    return "\n".join(lines)


def signature(pair):
    """Differences of one sort, so that shrinking keeps the sort and one report stands for many."""
    mine, theirs = pair
    if "findings" not in mine or "findings" not in theirs:
        return "input" if "crash" not in theirs else "crash"
    sorts = []
    for side, a, b in (("oracle", mine, theirs), ("binary", theirs, mine)):
        kinds = [json.loads(x) for x in a["findings"] if x not in b["findings"]]
        sorts += [f"{side}:{kind['kind']}:{kind['severity']}" for kind in kinds]
    if sorts:
        return " ".join(sorted(set(sorts)))
    if mine["books"] != theirs["books"]:
        return "books " + " ".join(sorted(k for k in mine["books"] if mine["books"][k] != theirs["books"].get(k)))
    return "rest " + " ".join(sorted(k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k)))


def report(binary, name, data, pair, minimal):
    sort = signature(pair)
    if minimal and sort != "input":
        def same(candidate):
            found = difference(binary, dump(candidate))
            return found is not None and signature(found) == sort
        data = dump(shrink(load(data), same))
        pair = difference(binary, data)
    print(f"--- {name}: {sort}\n{explain(*pair)}\n{data.decode(errors='backslashreplace')}", flush=True)


def inputs_of(seed):
    """The histories tried for one seed: as simulated, hostilely edited, in long runs, at large numbers, broken;
    and plain ones with hardly anything wrong."""
    yield f"seed {seed}", dump(history(seed))
    yield f"seed {seed} mutated", dump(history(seed, 3))
    yield f"seed {seed} mutated more", dump(history(seed, 8))
    rng = random.Random(f"stretched {seed}")
    long = mutate(rng, stretch(history(seed), rng.randint(2, 5)), 5)
    yield f"seed {seed} stretched", dump(recut_and_remix(rng, long))
    yield f"seed {seed} far away", dump(far_away(history(seed, 2), 2**62, 2**61))
    yield f"seed {seed} broken", broken(seed)
    for variant in range(4):
        yield f"seed {seed} plain {variant}", dump(plain(seed * 4 + variant))


def metamorphic(binary, seed):
    """The C++ judge alone: lines mixed and runs cut in another way."""
    rng = random.Random(f"metamorphic {seed}")
    records = history(seed, rng.choice((0, 3)))
    first = fast(binary, dump(records))
    if "bad" in first:
        return None
    other = recut_and_remix(rng, records)
    second = fast(binary, dump(other))
    return None if first == second else (dump(records), dump(other), first, second)


def main():
    parser = argparse.ArgumentParser(prog="oracle.compare", description=__doc__)
    parser.add_argument("--binary", required=True, type=Path)
    parser.add_argument("--count", type=int, default=200, help="seeds, ten histories each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=int, default=10, help="sorts of differences to report before stopping")
    parser.add_argument("--no-shrink", action="store_true")
    arguments = parser.parse_args()
    sorts = {}
    tried = 0

    def compare(inputs):
        nonlocal tried
        for name, data in inputs:
            tried += 1
            pair = difference(arguments.binary, data)
            if pair is not None:
                sort = signature(pair)
                sorts[sort] = sorts.get(sort, 0) + 1
                if sorts[sort] == 1:
                    report(arguments.binary, name, data, pair, not arguments.no_shrink)

    compare((f"corner {name}", dump(records)) for name, (records, _) in CORNERS.items())
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        compare(inputs_of(seed))
        odd = metamorphic(arguments.binary, seed)
        if odd is not None:
            sorts["metamorphic"] = sorts.get("metamorphic", 0) + 1
            if sorts["metamorphic"] == 1:
                print(f"--- seed {seed}: the result depends on mixing or cutting\n{explain(odd[2], odd[3])}\n"
                      f"{odd[0].decode()}\nagainst\n{odd[1].decode()}", flush=True)
        if len(sorts) >= arguments.keep:
            break
    print(f"{tried} histories, {sum(sorts.values())} differences of {len(sorts)} sorts")
    for sort, count in sorted(sorts.items(), key=lambda item: -item[1]):
        print(f"  {count:5} {sort}")
    return 1 if sorts else 0


if __name__ == "__main__":
    sys.exit(main())
