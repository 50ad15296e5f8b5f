"""Faults against what SYN and SYN-ACK agree on: an answer that nobody asked for, an option that was not agreed on."""

import struct

from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, AE, CWR, ECE, MD5, MPTCP, MSS, SACK, SACKOK, SYN, TFO, TS, WSCALE, Packet
from tools.faults.resets import rest
from tools.faults.scene import MS, Scene, wants

KEY = bytes(range(8))


def opening(scene: Scene) -> tuple[Packet, Packet]:
    """SYN and SYN-ACK of a plain opening."""
    wants(scene.plain_opening)
    return scene.packets[scene.syn], scene.packets[scene.synack]


def answering(scene: Scene) -> tuple[Packet, Packet]:
    """SYN and SYN-ACK, the second surely an answer to the first: it echoes its timestamp."""
    syn, synack = opening(scene)
    wants(scene.stamped and (syn.stamps or (0,))[0] != 0)
    return syn, synack


@fault("OP006", "not-offered")
def scale_not_offered(scene: Scene) -> Blame:
    """The server scales its window though the client did not offer to."""
    syn, synack = opening(scene)
    wants(synack.option(WSCALE) is not None)
    syn.without(WSCALE)
    return Blame(1, synack)


@fault("OP010", "not-permitted")
def blocks_not_permitted(scene: Scene) -> Blame:
    """One end did not permit SACK; the other sends a block where octets are late."""
    at = rest(scene)
    side = scene.rnd.randrange(2)
    syn, synack = opening(scene)
    (syn if side == 1 else synack).without(SACKOK)
    if side == 1:
        wants(scene.stamped)
        synack.without(SACKOK)
    for one in scene.packets:
        one.without(SACK)
    data = scene.talk(at, 1 - side, [500, 500])
    start, end = data[1].seq, data[1].seq + 500
    data[0].seq, data[1].seq = data[1].seq, data[0].seq
    block = scene.segment(at, side).plus(SACK, struct.pack(">II", start, end % 2**32))
    return Blame(side, scene.insert(at + 1, block, 10 * MS, 40 * MS))


@fault("OP012", "not-offered")
def timestamps_not_offered(scene: Scene) -> Blame:
    """The server sends a timestamp with its SYN-ACK, to a client that offered none."""
    _, synack = opening(scene)
    _without_stamps(scene)
    return Blame(1, synack.stamped(scene.rnd.randrange(2**32), 0))


@fault("OP014", "not-negotiated")
def timestamps_not_agreed_on(scene: Scene) -> Blame:
    """One end declined timestamps, or never asked; later it or the other one sends them all the same."""
    offer = opening(scene)[0].stamps
    wants(bool(scene.data()))
    side = scene.rnd.randrange(2)
    _without_stamps(scene)
    if offer and side == 0:
        scene.packets[scene.syn].stamped(*offer)
    places = scene.data(side)
    wants(bool(places))
    packet = scene.packets[scene.rnd.choice(places)]
    return Blame(side, packet.stamped(scene.rnd.randrange(2**32), 0))


def _without_stamps(scene: Scene) -> None:
    for one in scene.packets:
        if one.side >= 0:
            one.without(TS)


@fault("OP004", "needed")
def size_not_given(scene: Scene) -> Blame:
    """An end gives no segment size and takes large segments."""
    at, side = rest(scene), scene.rnd.randrange(2)
    wants(scene.finished_sums)  # where a card finishes sums it cuts blocks into segments, too
    packet = opening(scene)[side]
    packet.without(MSS)
    scene.talk(at, 1 - side, [scene.rnd.choice([1300, 1380])] * 3)
    return Blame(side, packet)


@fault("OP005", "too-large")
def segments_too_large(scene: Scene) -> Blame:
    """An end sends more than its peer takes, three times."""
    at, side = rest(scene), scene.rnd.randrange(2)
    wants(scene.finished_sums)
    limit = scene.rnd.choice([1000, 1300])
    other = opening(scene)[1 - side]
    wants(not any(one.length > limit - 40 for one in scene.packets) and other.option(MSS) is not None)
    other.plus(MSS, struct.pack(">H", limit))
    return Blame(side, scene.talk(at, side, [limit + scene.rnd.choice([1, 100])] * 3)[0])


@fault("OP018", "not-asked")
def cookie_not_asked_for(scene: Scene) -> Blame:
    """The server grants a fast-open cookie that nobody asked for."""
    syn, synack = answering(scene)
    wants(len(synack.options) <= 28)
    syn.without(TFO)
    return Blame(1, synack.plus(TFO, KEY))


@fault("OP019", "unsolicited")
def multipath_not_asked_for(scene: Scene) -> Blame:
    """The server brings in Multipath TCP by itself."""
    syn, synack = answering(scene)
    wants(len(synack.options) <= 28 and syn.option(MPTCP) is None)
    return Blame(1, synack.plus(MPTCP, b"\x00\x81" + KEY))


@fault("OP020", "not-requested")
def ecn_not_asked_for(scene: Scene) -> Blame:
    """The server agrees to ECN that nobody asked for."""
    syn, synack = answering(scene)
    syn.set(flags=SYN)
    return Blame(1, synack.set(flags=SYN | ACK | ECE))


@fault("OP021", "not-requested")
def accurate_ecn_not_asked_for(scene: Scene) -> Blame:
    """The SYN asks for nothing or for the classic kind, and the answer is one of accurate ECN."""
    syn, synack = answering(scene)
    asks, answer = scene.rnd.choice([(0, CWR), (ECE | CWR, AE), (ECE | CWR, AE | CWR)])
    syn.set(flags=SYN | asks)
    return Blame(1, synack.set(flags=SYN | ACK | answer))


@fault("OP021", "reserved-answer")
def reserved_answer(scene: Scene) -> Blame:
    """The one answer to accurate ECN that no server may send."""
    syn, synack = opening(scene)
    syn.set(flags=SYN | ECE | CWR | AE)
    return Blame(1, synack.set(flags=SYN | ACK | ECE | AE))


@fault("OP021", "reflected")
def bits_reflected(scene: Scene) -> Blame:
    """The server sends the bits of the SYN back."""
    syn, synack = opening(scene)
    bits = scene.rnd.choice([ECE | CWR | AE, ECE | CWR])
    wants(bits & AE != 0 or (scene.stamped and (syn.stamps or (0,))[0] != 0))
    syn.set(flags=SYN | bits)
    return Blame(1, synack.set(flags=SYN | ACK | bits))


@fault("OP021", "unknown-setup")
def unknown_setup(scene: Scene) -> Blame:
    """A SYN with AE alone, which asks for nothing that is known."""
    syn, synack = opening(scene)
    synack.set(flags=SYN | ACK)
    return Blame(0, syn.set(flags=SYN | AE))


@fault("OP022", "without")
def data_without_signature(scene: Scene) -> Blame:
    """Both sign with MD5; one segment is not signed."""
    opening(scene)
    places = scene.data()
    wants(bool(places))
    guilty = scene.packets[scene.rnd.choice(places)]
    for one in scene.packets:
        if one.side >= 0:
            one.without(SACK, SACKOK, WSCALE, TS, MD5)
            if one is not guilty:
                one.plus(MD5, bytes(16))
                wants(len(one.options) <= 40)
    return Blame(guilty.side, guilty)


@fault("OP022", "answer-without")
def answer_without_signature(scene: Scene) -> Blame:
    """The SYN is signed, the answer to it is not; the client gives up."""
    syn, synack = answering(scene)
    syn.without(SACKOK, WSCALE).plus(MD5, bytes(16))
    wants(len(syn.options) <= 40)
    synack.without(SACKOK, WSCALE)
    scene.cut(scene.third)
    return Blame(1, synack)
