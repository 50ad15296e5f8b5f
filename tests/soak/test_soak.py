"""The soak: its dice, its wire, and that an error would be found, written down and made small."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tcplint.capture.open import open_capture
from tests.lab.ends import ListPort, segment
from tests.promise.play import play
from tools.lab.pcap import CLIENT, MIDDLE, SERVER, Record
from tools.soak import __main__ as command
from tools.soak.crowd import draw_batch
from tools.soak.evidence import write
from tools.soak.judge import Tally, judge
from tools.soak.weather import CALM, Sky, Weather
from tools.soak.wire import RoughWire

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
BROKEN = CORPUS / "teardown" / "data-after-fin" / "capture.pcap"
PAIR = (51000, 4000)
Under = Callable[[Weather], "Rough"]


class Rough:
    """A rough wire between two lists."""

    def __init__(self, weather: Weather) -> None:
        self.ports = {CLIENT: ListPort(), SERVER: ListPort()}
        self.wire = RoughWire(self.ports[CLIENT], self.ports[SERVER])
        self.wire.skies[PAIR] = Sky(weather, "a seed")

    def counts(self) -> list[int]:
        return [len(self.wire.captures[point]) for point in (CLIENT, MIDDLE, SERVER)]

    def close(self) -> None:
        for port in self.ports.values():
            port.close()


@pytest.fixture
def under() -> Iterator[Under]:
    """A wire under this weather; its ends are closed afterwards."""
    made: list[Rough] = []

    def make(weather: Weather) -> Rough:
        made.append(Rough(weather))
        return made[-1]

    yield make
    for rough in made:
        rough.close()


def test_same_words_draw_the_same_batch_and_others_another() -> None:
    one, same, other = (draw_batch(seed, 3, 50) for seed in ("a", "a", "b"))
    assert [str(chain) for chain in one.chains.values()] == [str(chain) for chain in same.chains.values()]
    assert (one.climate, sum(len(chain.plans) for chain in one.chains.values())) == (same.climate, 50)
    assert str(one.climate) != str(other.climate)
    assert [str(chain) for chain in one.chains.values()] != [str(chain) for chain in other.chains.values()]


def test_same_seed_throws_the_same_dice_for_each_side_by_itself() -> None:
    weather = Weather(loss=0.3, doubled=0.3, delay=0.001, late=0.5, lateness=0.1)
    one, two = Sky(weather, "x"), Sky(weather, "x")
    fates = [one.copies(CLIENT, True) for _ in range(50)]
    for _ in range(7):
        two.copies(SERVER, False)
    assert [two.copies(CLIENT, True) for _ in range(50)] == fates
    assert {len(copies) for copies in fates} == {0, 1, 2}


def test_cut_wire_passes_so_many_frames_of_that_side_and_then_none() -> None:
    sky = Sky(Weather(cut_after=2, cut_side=SERVER), "x")
    assert [len(sky.copies(SERVER, True)) for _ in range(4)] == [1, 1, 0, 0]
    assert len(sky.copies(CLIENT, True)) == 1


def test_frame_in_calm_weather_is_seen_at_all_three_points_and_arrives_as_it_was(under: Under) -> None:
    calm = under(CALM)
    frame = segment(CLIENT, "S")
    calm.ports[CLIENT].send(frame)
    calm.wire.forward()
    assert calm.counts() == [1, 1, 1]
    assert calm.ports[SERVER].got == [frame]


def test_frame_lost_in_the_first_half_is_seen_by_its_sender_alone(under: Under) -> None:
    rough = under(Weather(loss=1.0))
    rough.ports[SERVER].send(segment(SERVER, "S."))
    rough.wire.forward()
    assert rough.counts() == [0, 0, 1]
    assert rough.ports[CLIENT].got == []


def test_frame_doubled_in_both_halves_arrives_four_times_and_later(under: Under) -> None:
    rough = under(Weather(doubled=1.0, delay=0.001))
    rough.ports[CLIENT].send(segment(CLIENT, "S"))
    rough.wire.forward()
    assert rough.counts() == [1, 0, 0]
    while not rough.wire.empty:
        rough.wire.forward()
    assert rough.counts() == [1, 2, 4]


def test_what_is_no_tcp_goes_nowhere(under: Under) -> None:
    calm = under(CALM)
    calm.ports[CLIENT].send(bytes(12) + b"\x86\xdd" + bytes(6) + bytes([58]) + bytes(60), bytes(60))
    calm.wire.forward()
    assert calm.counts() == [0, 0, 0]


def test_error_in_a_capture_is_found_alone_and_in_copies_and_written_down_small(tmp_path: Path) -> None:
    with open_capture(BROKEN) as capture:
        records = [Record(frame.time_ns or 0, frame.data) for frame in capture]
    batch = draw_batch("seed", 5, 10)
    batch.captures = {CLIENT: records, MIDDLE: [], SERVER: []}
    tally = Tally()
    found = list(judge(batch, 40, tally))
    assert tally.copies == 40
    assert found[0].damage == "none"
    assert {fault.code for fault in found[0].faults} == {"TD004"}
    assert 1 < len(found) <= 41
    folder = write(found[0], tmp_path)
    with open_capture(folder / "capture.pcap") as whole, open_capture(folder / "least.pcap") as least:
        assert [frame.data for frame in whole] == [record.octets for record in records]
        few = list(least)
    assert 2 <= len(few) < len(records)
    assert {fault.code for fault in play(few).faults} == {"TD004"}
    told = (folder / "README.txt").read_text(encoding="utf-8")
    assert "python -m tools.soak --seed seed --batch 5\n" in told
    assert f"climate: {batch.climate}" in told


def test_without_namespaces_it_says_that_nobody_was_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "missing", lambda: "making network namespaces needs root")
    assert command.main([]) == 2
    assert command.main(["--if-possible"]) == 0
    line = "tools.soak: not run, nobody was tried: making network namespaces needs root\n"
    assert capsys.readouterr().err == line * 2
