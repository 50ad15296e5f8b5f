"""Finds data that lives beside the package in the repository and inside it once installed.

`corpus/` stands next to `dissect/` in the source tree. A wheel carries it as `tcplint/_data/corpus/`; an editable
install has no such copy, and then the source tree is used. The package is asked first, so that an installed tcplint
never reads files that happen to lie around it.
"""

from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).resolve().parent


def find(name: str) -> Path:
    """The file or directory `name`, a relative path with forward slashes such as `corpus/LICENSE`.

    Raises ValueError for a name that is absolute or leads upwards, FileNotFoundError (naming every place that was
    tried) when the data is not there.
    """
    relative = PurePosixPath(name)
    if not relative.parts or relative.is_absolute() or ".." in relative.parts:
        raise ValueError(f"not the name of packaged data: {name!r}")
    places = [PACKAGE / "_data" / relative]
    if (root := source_tree()) is not None:
        places.append(root / relative)
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(f"packaged data {name!r} is not in {' nor in '.join(str(place) for place in places)}")


def source_tree() -> Path | None:
    """The root of the repository when tcplint runs out of one, else None."""
    root = PACKAGE.parent.parent
    if PACKAGE.parent.name == "dissect" and (root / "pyproject.toml").is_file():
        return root
    return None
