"""python3 -m oracle judge FILE [--json]: the slow judge on the command line; exit codes as `firedrill judge`."""

import argparse
import json
import sys

from .judge import judge
from .lines import BadInput


def main():
    parser = argparse.ArgumentParser(prog="oracle")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("judge", help="judge a history")
    command.add_argument("file", help="NDJSON, - for standard input")
    command.add_argument("--json", action="store_true", help="print the whole result")
    arguments = parser.parse_args()
    try:
        data = sys.stdin.buffer.read() if arguments.file == "-" else open(arguments.file, "rb").read()
        result = judge(data)
    except (BadInput, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(result))
    else:
        print(result["verdict"])
        for finding in result["findings"]:
            print(" ", finding["explanation"], finding["messages"], finding["offsets"])
    return result["exit_code"]


if __name__ == "__main__":
    sys.exit(main())
