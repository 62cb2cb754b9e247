"""Where clusters lie that nobody gave a folder, and how a command finds the one that is meant."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from firedrill.errors import HarnessError


def clusters_root() -> Path:
    """One folder per user, readable by nobody else: it is trusted to hold command lines."""
    if given := os.environ.get("FIREDRILL_CLUSTERS"):
        return Path(given)
    return Path(tempfile.gettempdir()) / f"firedrill-clusters-{os.getuid()}"


def new_folder() -> Path:
    root = clusters_root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if root.stat().st_uid != os.getuid():
        raise HarnessError(f"{root} belongs to somebody else; set FIREDRILL_CLUSTERS")
    for number in range(1, 1000):
        folder = root / f"cluster-{number}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)  # Of two that start at once each gets its own.
            return folder
    raise HarnessError(f"{root} holds a thousand clusters; `cluster down --all` removes them")


def known_folders() -> list[Path]:
    return sorted(path.parent for path in clusters_root().glob("*/cluster.json"))


def the_folder(given: Path | None) -> Path:
    """`given`, or the only one there is."""
    if given is not None:
        return given
    known = known_folders()
    if len(known) == 1:
        return known[0]
    if not known:
        raise HarnessError(f"there is no cluster in {clusters_root()}; for one elsewhere give --dir")
    raise HarnessError("there are several clusters, choose one by --dir: " + ", ".join(map(str, known)))
