"""What is counted over many connections: host by host, bounded, and read without being changed."""

import random

import pytest

from tcplint.catalogue.load import load, severity_table
from tcplint.core import aggregate, aggregate_host, aggregate_number
from tcplint.core.aggregate_number import line_rate, quotient, steps_of
from tcplint.core.engine import Engine
from tcplint.core.model import ACK, RST, SYN, VIOLATES, Options, Segment, Settings

SERVER = bytes([198, 51, 100, 2])


def settings():
    made = Settings()
    made.severity = severity_table(load())
    return made


class Wire:
    """Segments into an engine, frame by frame."""

    def __init__(self):
        self.engine = Engine(settings())
        self.frame = 0

    def send(self, time, client, port, upwards, flags, seq, ack=0):
        self.frame += 1
        one, other = client + SERVER, SERVER + client
        ports = port.to_bytes(2) + (443).to_bytes(2)
        key = one + ports if upwards else other + ports[2:] + ports[:2]
        segment = Segment(self.frame, time, key, self.frame % 65536, 64, 0, 0, 0)
        segment.seq, segment.ack, segment.flags, segment.window = seq, ack, flags, 65535
        segment.options = Options()
        segment.checksum = seq * 31 % 65536
        return self.engine.observe(segment)

    def connect(self, time, client, port, isn, answer):
        self.send(time, client, port, True, SYN, isn)
        self.send(time + 10, client, port, False, SYN + ACK, answer, (isn + 1) % 2**32)
        step = self.send(time + 20, client, port, True, ACK, (isn + 1) % 2**32, (answer + 1) % 2**32)
        found = list(step.findings)
        self.send(time + 30, client, port, True, RST + ACK, (isn + 1) % 2**32, (answer + 1) % 2**32)
        return found


def address(number):
    return bytes([10, number // 65536 % 256, number // 256 % 256, number % 256])


def test_thirty_connections_with_exactly_equal_steps_are_a_breach_ten_a_remark():
    wire, rnd, said = Wire(), random.Random(1), {}
    for index in range(40):
        for finding in wire.connect(
            index * 1_000_000, address(1), 1024 + index, 5000 + 777 * index, rnd.getrandbits(32)
        ):
            if finding.code == "ID008":
                said[index + 1] = (finding.kind, finding.verdict == VIOLATES, finding.n1, finding.n2)
    assert said[10] == ("step", False, 777, 10)
    assert said[30] == ("step", True, 777, 30)
    assert set(said) == {5, 10, 30}


def test_steps_are_in_the_order_of_the_syns_though_the_third_steps_are_not():
    wire, rnd, kinds = Wire(), random.Random(2), []
    for first in range(0, 10, 2):
        answers = [rnd.getrandbits(32), rnd.getrandbits(32)]
        for index in (first, first + 1):
            isn, answer = 5000 + 777 * index, answers[index % 2]
            wire.send(index * 1000, address(1), 1024 + index, True, SYN, isn)
            wire.send(index * 1000 + 10, address(1), 1024 + index, False, SYN + ACK, answer, isn + 1)
        for index in (first + 1, first):
            isn, answer = 5000 + 777 * index, answers[index % 2]
            step = wire.send(first * 1000 + 1900, address(1), 1024 + index, True, ACK, isn + 1, answer + 1)
            kinds += [finding.kind for finding in step.findings if finding.code == "ID008" and finding.n2 == 10]
    assert kinds == ["step"]


def test_numbers_drawn_by_chance_follow_no_law():
    rnd = random.Random(3)
    wire = Wire()
    for index in range(600):
        found = wire.connect(
            index * 1_000_000 + rnd.randrange(900_000),
            address(index // 30),
            1024 + index % 30,
            rnd.getrandbits(32),
            rnd.getrandbits(32),
        )
        assert [finding for finding in found if finding.code in ("ID007", "ID008")] == []


def test_a_straight_line_is_told_whatever_the_time_between():
    samples = aggregate.Samples(b"first", 4_000_000_000, 0)
    rnd = random.Random(4)
    time = 0
    for _ in range(29):
        time += rnd.randrange(1_000_000, 200_000_000)
        samples.times.append(time)
        samples.numbers.append((4_000_000_000 + time // 4) % 2**32)
    assert 249_000 < line_rate(samples, steps_of(samples)) < 251_000
    samples.numbers[15] = (samples.numbers[15] + 40_000_000) % 2**32
    assert line_rate(samples, steps_of(samples)) == -1


@pytest.mark.parametrize(("number", "by"), [(7, 2), (0, 5), (5, 5), (4, 5), (2**52, 3), (10**15 + 7, 999)])
def test_the_quotient_is_that_of_division(number, by):
    assert quotient(number, by) == number // by


def test_full_tables_of_numbers_begin_anew_and_say_so(monkeypatch):
    monkeypatch.setattr(aggregate_number, "MOST_NUMBERS", 64)
    monkeypatch.setattr(aggregate_number, "MOST_HOSTS", 16)
    wire, rnd = Wire(), random.Random(5)
    for index in range(200):
        wire.connect(index * 1000, address(index), 5000, rnd.getrandbits(32), rnd.getrandbits(32))
        assert len(wire.engine.aggregates.numbers) <= 64 + 1
        assert len(wire.engine.aggregates.hosts) <= 16
    assert wire.engine.notes["isn-limit"] > 1


def test_a_full_table_of_host_pairs_takes_no_more_and_claims_nothing(monkeypatch):
    monkeypatch.setattr(aggregate_host, "MOST_PAIRS", 2)
    wire = Wire()
    for index in range(3):
        wire.send(index, address(index), 5000, True, SYN, 100)
        wire.send(index + 10, address(index), 5000, True, ACK, 101, 501)
        wire.send(index + 20, address(index), 5000, True, ACK, 111, 601)
    ways = [aggregate_host.goes_on_unheard(wire.engine, address(index) + SERVER + bytes(4), 0) for index in range(3)]
    assert ways == [0, 1, -1]
    assert wire.engine.aggregates.pair_count == 2
    assert wire.engine.notes["host-limit"] >= 1


def test_concluding_twice_says_the_same_and_changes_no_table():
    wire = Wire()
    wire.send(0, address(1), 5000, True, SYN, 100)
    wire.send(10, address(1), 5000, True, ACK, 101, 501)
    wire.send(20, address(1), 5000, True, ACK, 111, 601)
    wire.send(30, address(1), 5001, True, SYN, 100_000_000)
    wire.send(2_000_000, address(1), 5001, True, SYN, 100_000_000)
    first = wire.engine.take()
    second = wire.engine.take()
    words = [
        [(finding.code, finding.kind, finding.why) for finding in wire.engine.conclude(second, 60_000_000).findings]
        for _ in range(2)
    ]
    assert words[0] == words[1]
    assert ("CA005", "host-pair", "") in words[0]
    assert first.number == 0


def test_handshakes_that_waited_long_ago_are_no_flood():
    wire = Wire()
    for index in range(40):
        start = index * 10_000_000
        wire.send(start, address(index), 5000, True, SYN, 1000 * index)
        wire.send(start + 10, address(index), 5000, False, SYN + ACK, 7_000 * index, 1000 * index + 1)
        step = wire.send(start + 1_000_010, address(index), 5000, False, SYN + ACK, 7_000 * index, 1000 * index + 1)
        assert [finding.kind for finding in step.findings if finding.code == "HS012"] == []


def test_handshakes_that_are_answered_late_are_no_flood():
    wire = Wire()
    for index in range(40):
        start = index * 2_000_000
        isn, answer = 1000 * index, 7_000 * index
        wire.send(start, address(index), 5000, True, SYN, isn)
        wire.send(start + 10, address(index), 5000, False, SYN + ACK, answer, isn + 1)
        step = wire.send(start + 1_000_010, address(index), 5000, False, SYN + ACK, answer, isn + 1)
        assert [finding.kind for finding in step.findings if finding.code == "HS012"] == []
        wire.send(start + 1_100_000, address(index), 5000, True, ACK, isn + 1, answer + 1)
