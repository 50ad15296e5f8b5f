"""The second half of the promise: a change that removes no evidence loses no error.

The same rule, the same kind, the same end, the same frame: by other addresses and numbers, at another time, in another
network protocol, in a VLAN, in another file format, among strangers.
"""

from pathlib import Path

import pytest

from tests.promise.play import Played, play
from tests.promise.rewrites import (
    REWRITES,
    Rewrite,
    addresses_exchanged,
    as_ipv6,
    ends,
    has_raw_numbers,
    numbers_wrap,
    through_pcapng,
)
from tests.promise.stories import Tale, page_tales

VIOLATING = [tale for tale in page_tales() if tale.whole.faults]
every_violation = pytest.mark.parametrize("tale", VIOLATING, ids=str)

Named = tuple[str, str, str, int]


def named(played: Played, names: dict[bytes, str]) -> set[Named]:
    """The faults, with the ends as the ladder calls them."""
    return {(fault.code, fault.kind, names.get(fault.who, "nobody"), fault.frame) for fault in played.faults}


@every_violation
@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_an_error_is_found_again_after_a_change_that_removes_no_evidence(tale: Tale, rewrite: Rewrite) -> None:
    assert tale.story is not None
    if (rewrite is as_ipv6 and tale.story.addresses) or (rewrite is numbers_wrap and has_raw_numbers(tale.story)):
        pytest.skip("this story is about the very addresses or numbers")
    if rewrite is addresses_exchanged and tale.name.startswith("invalid-endpoint-address"):
        pytest.skip("which of the two addresses is a group is what this story is about")
    changed = rewrite(tale.story, tale.frames)
    whole = named(tale.whole, ends(tale.story))
    moved = {(code, kind, who, changed.frame_of[frame - 1]) for code, kind, who, frame in whole}
    assert named(play(changed.frames, tale.checksums), ends(changed.story)) == moved


@every_violation
def test_an_error_is_found_again_in_a_pcapng_file(tale: Tale, tmp_path: Path) -> None:
    assert play(through_pcapng(tale.frames, tmp_path / "a.pcapng"), tale.checksums).faults == tale.whole.faults


def test_there_are_errors_of_many_rules() -> None:
    assert len({fault.code for tale in VIOLATING for fault in tale.whole.faults}) >= 12
