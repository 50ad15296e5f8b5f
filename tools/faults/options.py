"""Faults of a single option: lists that do not add up, lengths that are wrong, options where they may not stand."""

import struct

from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, MSS, RST, SACK, SACKOK, SYN, TFO, TS, WSCALE, Options, Packet
from tools.faults.scene import MS, Scene, wants

COOKIE = bytes(range(1, 9))


def later(scene: Scene) -> Packet:
    """A segment behind the handshake, with room for options."""
    places = [one for one in scene.packets if one.side >= 0 and not one.flags & (SYN | RST) and one.has(ACK)]
    places = [one for one in places if len(one.options) <= 20]
    wants(bool(places) and scene.plain_opening)
    return scene.rnd.choice(places)


def either_syn(scene: Scene) -> Packet:
    """SYN or SYN-ACK."""
    wants(scene.plain_opening)
    return scene.packets[scene.rnd.choice([scene.syn, scene.synack])]


def any_segment(scene: Scene) -> Packet:
    """SYN, SYN-ACK or a later segment, with room for four octets of options."""
    packet = scene.rnd.choice([either_syn(scene), later(scene)])
    wants(len(packet.options) <= 36)
    return packet


def extended(packet: Packet, octets: bytes) -> Packet:
    """These octets behind the options that it has, without their padding."""
    options = b"".join(bytes((kind, len(body) + 2)) + body for kind, body in packet.listed()) + octets
    wants(len(options) <= 40)
    return packet.set(options=options + bytes(-len(options) % 4))


@fault("OP001", "short-length")
def option_of_length_one(scene: Scene) -> Blame:
    """An option says its length is 0 or 1."""
    packet = any_segment(scene)
    return Blame(packet.side, extended(packet, bytes((scene.rnd.choice([70, 200]), scene.rnd.randrange(2)))))


@fault("OP001", "past-header")
def option_past_the_header(scene: Scene) -> Blame:
    """An option runs past the header."""
    packet = any_segment(scene)
    return Blame(packet.side, extended(packet, bytes((scene.rnd.choice([70, 200]), scene.rnd.randint(10, 40), 0, 0))))


@fault("OP001", "after-end")
def something_behind_the_end(scene: Scene) -> Blame:
    """Behind the end-of-list option stands something."""
    packet = any_segment(scene)
    options = b"".join(bytes((kind, len(body) + 2)) + body for kind, body in packet.listed()) + b"\0\x5a"
    wants(len(options) <= 40)
    return Blame(packet.side, packet.set(options=options + b"\x5a" * (-len(options) % 4)))


@fault("OP002", "wrong-length")
def option_of_wrong_length(scene: Scene) -> Blame:
    """A window scale of four octets."""
    packet = either_syn(scene)
    packet.without(WSCALE)
    wants(len(packet.options) <= 36)
    return Blame(packet.side, packet.plus(WSCALE, bytes((7, 0))))


@fault("OP002", "twice")
def two_segment_sizes(scene: Scene) -> Blame:
    """Two maximum segment sizes on one SYN."""
    packet = either_syn(scene)
    sizes: Options = [(MSS, struct.pack(">H", 536))]
    wants(packet.option(MSS) is not None and len(packet.options) <= 36)
    return Blame(packet.side, packet.with_options(packet.listed() + sizes))


@fault("OP003", "outside-syn")
def mss_outside_a_syn(scene: Scene) -> Blame:
    """A segment size on a segment that is no SYN."""
    packet = later(scene)
    return Blame(packet.side, packet.plus(MSS, struct.pack(">H", scene.rnd.choice([536, 1400, 1460]))))


@fault("OP006", "outside-syn")
def scale_outside_a_syn(scene: Scene) -> Blame:
    """A window scale on a segment that is no SYN."""
    packet = later(scene)
    return Blame(packet.side, packet.plus(WSCALE, bytes([scene.rnd.randrange(15)])))


@fault("OP009", "outside-syn")
def sack_permitted_outside_a_syn(scene: Scene) -> Blame:
    """SACK is permitted on a segment that is no SYN."""
    packet = later(scene)
    return Blame(packet.side, packet.plus(SACKOK, b""))


@fault("OP018", "outside-syn")
def cookie_outside_a_syn(scene: Scene) -> Blame:
    """A fast-open cookie on a segment that is no SYN."""
    packet = later(scene)
    return Blame(packet.side, packet.plus(TFO, COOKIE))


@fault("OP010", "on-syn")
def blocks_on_a_syn(scene: Scene) -> Blame:
    """SACK blocks on SYN or SYN-ACK."""
    packet = either_syn(scene)
    wants(len(packet.options) <= 28)
    start = scene.isn[1 - packet.side] + 1
    return Blame(packet.side, packet.plus(SACK, struct.pack(">II", start % 2**32, (start + 1) % 2**32)))


@fault("OP007", "too-large")
def shift_too_large(scene: Scene) -> Blame:
    """A window scale above 14."""
    wants(scene.packets[scene.syn].option(WSCALE) is not None)
    packet = either_syn(scene)
    wants(packet.option(WSCALE) is not None)
    return Blame(packet.side, packet.plus(WSCALE, bytes([scene.rnd.choice([15, 16, 100, 255])])))


@fault("OP011", "echo-in-syn")
def syn_echoes(scene: Scene) -> Blame:
    """A SYN echoes a timestamp; there is none yet."""
    syn = scene.packets[scene.syn]
    stamps = syn.stamps
    wants(stamps is not None)
    return Blame(0, syn.stamped(stamps[0] if stamps else 0, scene.rnd.randrange(1, 2**32)))


@fault("OP018", "cookie-length")
def cookie_of_five(scene: Scene) -> Blame:
    """The older form of the option, an experiment with the identifier F989."""
    syn = scene.packets[scene.syn]
    wants(scene.plain_opening and len(syn.options) <= 28 and syn.option(TFO) is None)
    return Blame(0, syn.plus(254, b"\xf9\x89" + bytes(scene.rnd.choice([3, 5, 7]))))


@fault("OP018", "empty-grant")
def empty_grant(scene: Scene) -> Blame:
    """A cookie is asked for, and none stands in the grant."""
    syn, synack = scene.packets[scene.syn], scene.packets[scene.synack]
    wants(scene.plain_opening and len(syn.options) <= 36 and len(synack.options) <= 36)
    syn.plus(TFO, b"")
    return Blame(1, synack.plus(TFO, b""))


@fault("OP023", "no-identifier")
def experiment_without_identifier(scene: Scene) -> Blame:
    """An experimental option too short for its identifier."""
    packet = any_segment(scene)
    return Blame(packet.side, packet.plus(scene.rnd.choice([253, 254]), b""))


@fault("OP017", "mss-changed")
def mss_changed(scene: Scene) -> Blame:
    """The SYN or SYN-ACK is repeated with another segment size."""
    return _repeated(scene, MSS, struct.pack(">H", scene.rnd.choice([536, 1000])))


@fault("OP017", "scale-changed")
def scale_changed(scene: Scene) -> Blame:
    """The SYN or SYN-ACK is repeated with another shift."""
    return _repeated(scene, WSCALE, bytes([scene.rnd.choice([1, 5, 13])]))


def _repeated(scene: Scene, kind: int, body: bytes) -> Blame:
    first = either_syn(scene)
    wants(first.option(kind) not in (None, body) and scene.packets[scene.third].bare_ack)
    place = scene.syn if first.side == 0 else scene.synack
    copy = scene.own_id(first.copy().plus(kind, body))
    scene.insert(place + 1, copy, 1100 * MS, max(scene.rtt, 60 * MS))
    return Blame(first.side, copy)


@fault("OP013", "wrong-echo")
def false_echo(scene: Scene) -> Blame:
    """SYN-ACK or third step echoes a timestamp that nobody sent."""
    wants(scene.stamped and scene.plain_opening)
    packet = scene.packets[scene.rnd.choice([scene.synack, scene.third])]
    stamps = packet.stamps
    wants(stamps is not None)
    value, echo = stamps or (0, 0)
    return Blame(packet.side, packet.stamped(value, echo + scene.rnd.randrange(2**28, 2**31)))


@fault("OP013", "zero-echo")
def no_echo(scene: Scene) -> Blame:
    """The SYN-ACK echoes nothing."""
    wants(scene.stamped and scene.plain_opening)
    packet = scene.packets[scene.synack]
    stamps = packet.stamps or (0, 0)
    wants(2**26 < stamps[1] < 2**32 - 2**26)  # else 0 is nearly right
    return Blame(1, packet.stamped(stamps[0], 0))


@fault("OP015", "data-without")
def data_without_timestamps(scene: Scene) -> Blame:
    """Data without the timestamps that were agreed on."""
    wants(scene.plain_opening and scene.stamped and bool(scene.data()))
    packet = scene.packets[scene.rnd.choice(scene.data())]
    return Blame(packet.side, packet.without(TS))


@fault("OP015", "fin-without")
def fin_without_timestamps(scene: Scene) -> Blame:
    """A FIN without the timestamps that were agreed on."""
    side = scene.rnd.randrange(2)
    fin = scene.fin(side)
    wants(scene.plain_opening and scene.stamped and fin is not None)
    return Blame(side, scene.packets[fin or 0].without(TS))


@fault("OP015", "ack-without")
def ack_without_timestamps(scene: Scene) -> Blame:
    """A bare ACK without the timestamps that were agreed on."""
    acks = [one for one in scene.packets if one.side >= 0 and one.bare_ack]
    wants(scene.plain_opening and scene.stamped and bool(acks))
    packet = scene.rnd.choice(acks)
    return Blame(packet.side, packet.without(TS))


@fault("OP016", "backwards")
def clock_backwards(scene: Scene) -> Blame:
    """New data of an end have an older timestamp than its segment before, though they acknowledge more."""
    places = [at for at in scene.data() if scene.packets[at].stamps]
    places = [at for at in places if scene.packets[at].ack != scene.of(scene.packets[at].side, at)[-1].ack]
    wants(scene.stamped and bool(places))
    packet = scene.packets[scene.rnd.choice(places)]
    stamps = packet.stamps or (0, 0)
    before = scene.of(packet.side, scene.packets.index(packet))[-1].stamps or stamps
    return Blame(packet.side, packet.stamped(before[0] - scene.rnd.randint(1, 10**6), stamps[1]))
