"""`python -m firedrill`: the command line of the harness."""

import sys

from firedrill.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
