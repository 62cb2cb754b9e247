"""The command line of the harness: one subcommand per thing that it can start."""

import argparse
import sys

from firedrill import cluster_commands
from firedrill.errors import HarnessError

# Exit codes that every program of Firedrill uses for these.
INFRASTRUCTURE_FAILED = 20
ABORTED_BY_A_PERSON = 30


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m firedrill", description="Starts what a fire drill needs.")
    things = parser.add_subparsers(required=True, metavar="THING")
    cluster_commands.add_to(things)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen)
    except HarnessError as error:
        print(f"firedrill: {error}", file=sys.stderr)
        return INFRASTRUCTURE_FAILED
    except KeyboardInterrupt:
        return ABORTED_BY_A_PERSON
