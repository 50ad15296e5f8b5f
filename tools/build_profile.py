"""Packs the Wireshark profile into the zip that Wireshark imports (Edit ▸ Configuration Profiles… ▸ Import).

    python -m tools.build_profile            write lua/profile/tcplint.zip if it is out of date
    python -m tools.build_profile --check    only say whether it is; exit 1 if so

lua/profile/tcplint/ holds the files as they lie in a user's `profiles` folder; they are written by hand. The same files
give the same zip, octet by octet, on every machine and in every year: the files stand in the order of their names, are
stored without compression (compressors differ between versions), carry the first date a zip can hold, and plain
permissions.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tcplint.wireshark.parts import PROFILE, PROFILE_FILES, RECENT

FOLDER = Path(__file__).resolve().parent.parent / "lua" / "profile"
DATE = (1980, 1, 1, 0, 0, 0)
UNIX, MODE = 3, 0o100644


def packed(folder: Path = FOLDER) -> bytes:
    """The zip: one folder, named like the profile, with its files. Raises OSError when one is missing."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted((*PROFILE_FILES, RECENT)):
            entry = zipfile.ZipInfo(f"{PROFILE}/{name}", DATE)
            entry.create_system = UNIX
            entry.external_attr = MODE << 16
            archive.writestr(entry, (folder / PROFILE / name).read_bytes())
    return octets.getvalue()


def stale(folder: Path = FOLDER) -> bool:
    """Whether the zip is missing or not as it would be packed now."""
    path = folder / f"{PROFILE}.zip"
    return not path.exists() or path.read_bytes() != packed(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the zip is, or now is, up to date; 1 when --check finds it stale."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.build_profile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    if not stale(FOLDER):
        return 0
    if not chosen.check:
        (FOLDER / f"{PROFILE}.zip").write_bytes(packed(FOLDER))
    print(f"{'stale' if chosen.check else 'wrote'}: lua/profile/{PROFILE}.zip")
    return 1 if chosen.check else 0


if __name__ == "__main__":
    sys.exit(main())
