"""Faults of a single header: control bits, reserved bits, data offset, addresses, checksum, urgent pointer."""

from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, ECE, FIN, PSH, RST, SYN, URG, Packet
from tools.faults.resets import rest
from tools.faults.scene import MS, Scene, wants


def spoiled(scene: Scene, **changes: int | bool) -> Blame:
    """A data segment goes out spoiled first, and properly a fifth of a second later."""
    at = scene.rnd.choice(_places(scene))
    right = scene.packets[at]
    wrong = scene.own_id(right.copy(**changes))
    scene.insert(at, wrong, 5 * MS, 200 * MS)
    return Blame(right.side, wrong)


def _places(scene: Scene) -> list[int]:
    """Data that nothing else overtakes."""
    places = scene.data()
    wants(bool(places) and scene.plain_opening)
    return places


@fault("FL001", "null")
def no_flags(scene: Scene) -> Blame:
    """A segment without any control bit."""
    return Blame(None, spoiled(scene, flags=0, ack=0).packet)


@fault("FL002", "bare-fin")
def fin_scan(scene: Scene) -> Blame:
    """Somebody probes the server's port by a FIN from a port of his own."""
    return Blame(None, _probe(scene, FIN))


@fault("FL003", "xmas")
def all_flags(scene: Scene) -> Blame:
    """A segment with FIN, PSH and URG: a "Christmas tree"."""
    at = rest(scene)
    side = scene.rnd.randrange(2)
    return Blame(None, scene.insert(at, scene.segment(at, side, FIN | PSH | URG)))


@fault("FL004", "syn-fin")
def fin_on_the_syn(scene: Scene) -> Blame:
    """The SYN carries a FIN."""
    wants(scene.plain_opening)
    syn = scene.packets[scene.syn]
    return Blame(None, syn.set(flags=syn.flags | FIN))


@fault("FL005", "reset-combined")
def reset_with_fin(scene: Scene) -> Blame:
    """A RST that is FIN or SYN as well."""
    at = rest(scene)
    side = scene.rnd.randrange(2)
    scene.cut(at)
    return Blame(None, scene.say(side, RST | ACK | scene.rnd.choice([FIN, SYN])))


@fault("FL008", "no-ack")
def data_without_ack(scene: Scene) -> Blame:
    """Data go out without ACK, and properly later."""
    return spoiled(scene, flags=scene.rnd.choice([PSH, 0x8, ECE | PSH]), ack=0)


@fault("FL009", "no-pointer")
def urgent_without_pointer(scene: Scene) -> Blame:
    """URG is set, and the pointer is 0."""
    packet = scene.packets[scene.rnd.choice(_places(scene))]
    return Blame(packet.side, packet.set(flags=packet.flags | URG, urgent=0))


@fault("FL009", "nothing-urgent")
def urgent_reset(scene: Scene) -> Blame:
    """A RST with something urgent."""
    at = rest(scene)
    side = scene.rnd.randrange(2)
    scene.cut(at)
    return Blame(side, scene.say(side, RST | ACK | URG).set(urgent=scene.rnd.randint(1, 9)))


@fault("FL010", "reserved")
def reserved_bits(scene: Scene) -> Blame:
    """A reserved bit is set on any segment."""
    packet = scene.rnd.choice([one for one in scene.packets if one.side >= 0 and not one.has(RST)])
    return Blame(packet.side, packet.set(flags=packet.flags | 0x200 << scene.rnd.randrange(3)))


@fault("FL011", "data-offset")
def header_too_short(scene: Scene) -> Blame:
    """A data offset of less than five words, or of more than the segment has."""
    blame = spoiled(scene, doff=scene.rnd.randrange(5))
    short = 20 + len(blame.packet.options) + blame.packet.length < 60
    if short and scene.rnd.random() < 0.5:
        blame.packet.set(doff=15)
    return blame


@fault("FL012", "bad-source")
def from_nobody(scene: Scene) -> Blame:
    """A SYN from an address that nobody can have."""
    six = scene.packets[scene.syn].version == 6
    source = scene.rnd.choice([bytes(16)] if six else [bytes(4), bytes((127, 0, 0, 1)), bytes((239, 1, 1, 1))])
    return Blame(None, _probe(scene, SYN, source=source))


@fault("FL012", "bad-destination")
def to_a_group(scene: Scene) -> Blame:
    """A SYN to a group."""
    return Blame(None, _probe(scene, SYN, target=_group(scene)))


@fault("FL012", "port-zero")
def port_zero(scene: Scene) -> Blame:
    """A SYN from port 0."""
    return Blame(None, _probe(scene, SYN, port=0))


@fault("FL012", "answered")
def group_answers(scene: Scene) -> Blame:
    """A machine answers what was sent to a group."""
    group = _group(scene)
    for one in scene.packets:
        source, target = one.addresses if one.side >= 0 else (b"", b"")
        if one.side >= 0:
            one.between(*((source, group) if one.side == 0 else (group, target)))
    return Blame(1, scene.packets[scene.synack])


@fault("FL013", "land")
def land(scene: Scene) -> Blame:
    """A SYN to the server in the server's own name."""
    probe = _probe(scene, SYN)
    target = probe.addresses[1]
    return Blame(None, probe.between(target, target).set(ports=(probe.ports[1], probe.ports[1])))


@fault("FL014", "wrong-again")
def wrong_sums(scene: Scene) -> Blame:
    """Sent with a wrong checksum, sent again with a wrong one, and right at last."""
    wants(scene.finished_sums)
    scene.checksums = True
    at = scene.rnd.choice(_places(scene))
    right = scene.packets[at]
    sums = [scene.own_id(right.copy(bad_sum=True, window=right.window - 3 * number)) for number in range(2)]
    scene.insert(at, sums[0], 5 * MS)
    scene.insert(at + 1, sums[1], 250 * MS, 400 * MS)
    return Blame(right.side, sums[1])


def _group(scene: Scene) -> bytes:
    if scene.packets[scene.syn].version == 6:
        return bytes.fromhex("ff02") + bytes(13) + bytes([scene.rnd.randint(1, 9)])
    return bytes((224, 0, 0, scene.rnd.randint(1, 9)))


def _probe(scene: Scene, flags: int, source: bytes = b"", target: bytes = b"", port: int = -1) -> Packet:
    """One segment that belongs to nothing, somewhere in the capture, from another port of the client's machine."""
    syn = scene.packets[scene.syn]
    ours, theirs = syn.addresses
    own = scene.rnd.choice([one for one in range(20000, 20100) if one != syn.ports[0]]) if port < 0 else port
    probe = scene.own_id(syn.copy(flags=flags, ports=(own, syn.ports[1]), seq=scene.rnd.randrange(2**32)))
    if flags == FIN:
        probe.set(options=b"")
    probe.side = -1
    at = scene.rnd.randint(1, len(scene.packets))
    scene.insert(at, probe.between(source or ours, target or theirs), 2 * MS, 1 * MS)
    return probe
