"""Faults of the handshake: wrong numbers, segments too early, retries too fast, a third step that never comes."""

from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, FIN, FULL, PSH, RST, SYN, TFO, TS, Packet
from tools.faults.scene import MS, SECOND, Scene, wants

COOKIE = bytes(range(1, 9))


@fault("HS002", "wrong-ack")
def synack_too_low(scene: Scene) -> Blame:
    """The server acknowledges the SYN's own number, or somewhat less; the client resets, or waits for a right one."""
    wants(scene.plain_opening)
    wrong = scene.packets[scene.synack]
    if scene.rnd.random() < 0.5:
        wrong = scene.own_id(wrong.copy(ack=wrong.ack - 1))
        scene.insert(scene.synack, wrong, max(scene.to_server, MS), 1100 * MS)
        return Blame(1, wrong)
    wrong.set(ack=wrong.ack - scene.rnd.choice([1, 1, 2, 16]))
    scene.cut(scene.third)
    reset = scene.say(0, RST, later_ns=max(scene.to_client, MS))
    reset.set(seq=wrong.ack)
    return Blame(1, wrong)


@fault("HS003", "wrong-ack")
def third_step_too_low(scene: Scene) -> Blame:
    """The client acknowledges the SYN-ACK's own number; the server repeats itself and is understood."""
    third = plain_third(scene)
    low = scene.rnd.choice([1, 1, 2, 16])
    wants(low > 1 or _shows_its_beginning(scene))
    wrong = scene.own_id(third.copy(ack=third.ack - low))
    scene.insert(scene.third, wrong, max(scene.to_client, MS), 30 * MS)
    return Blame(0, wrong)


def _shows_its_beginning(scene: Scene) -> bool:
    """Data or a FIN of the server begin its stream behind its SYN-ACK; one octet may be a keep-alive's."""
    begun = (scene.isn[1] + 1) & FULL
    return any(one.seq == begun and (one.length > 1 or one.has(FIN)) for one in scene.of(1) if not one.has(SYN))


@fault("HS003", "wrong-seq")
def third_step_not_counted(scene: Scene) -> Blame:
    """The third step stands below the SYN itself; at the number of the SYN it would look like a keep-alive."""
    third = plain_third(scene)
    wrong = scene.own_id(third.copy(seq=third.seq - scene.rnd.choice([2, 2, 3, 16])))
    scene.insert(scene.third, wrong, max(scene.to_client, MS), 30 * MS)
    return Blame(0, wrong)


@fault("HS003", "wrong-seq")
def first_data_at_the_syn(scene: Scene) -> Blame:
    """The client answers with data that begin at the number of its SYN."""
    third = plain_third(scene)
    wrong = scene.own_id(third.copy(seq=scene.isn[0], flags=ACK | PSH))
    wrong.set(payload=bytes(97 + index % 26 for index in range(scene.rnd.choice([2, 20, 400]))))
    scene.insert(scene.third, wrong, max(scene.to_client, MS), 30 * MS)
    return Blame(0, wrong)


def plain_third(scene: Scene) -> Packet:
    """The third step of a plain opening: a bare ACK."""
    third = scene.packets[scene.third]
    wants(scene.plain_opening and third.bare_ack)
    return third


@fault("HS006", "changed-iss")
def another_isn(scene: Scene) -> Blame:
    """The SYN-ACK comes again from another number."""
    plain_third(scene)
    at = scene.synack + 1
    first = scene.packets[scene.synack]
    other = first.copy(seq=first.seq + scene.rnd.choice([-1, 1]) * scene.rnd.randint(100_000, 2**30))
    return Blame(1, scene.insert(at, scene.own_id(other), 1100 * MS, 60 * MS))


@fault("HS007", "too-early")
def hasty_retry(scene: Scene) -> Blame:
    """SYN or SYN-ACK is repeated after a third of a second."""
    side = scene.rnd.randrange(2)
    return Blame(side, _repeated(scene, side, [scene.rnd.randint(250, 400)])[0])


@fault("HS007", "no-backoff")
def even_retries(scene: Scene) -> Blame:
    """SYN or SYN-ACK is repeated every few seconds, always after the same time."""
    side = scene.rnd.randrange(2)
    return Blame(side, _repeated(scene, side, [scene.rnd.randint(2500, 6000)] * 3)[0])


def _repeated(scene: Scene, side: int, waits_ms: list[int]) -> list[Packet]:
    """Copies of SYN or SYN-ACK, after so many milliseconds each, before the answer to it."""
    plain_third(scene)
    at = scene.syn if side == 0 else scene.synack
    copies = []
    for wait in waits_ms:
        wants(not (wait < 1000 and scene.rtt > 400 * MS))
        copy = scene.own_id(scene.packets[at].copy())
        at += 1
        copies.append(scene.insert(at, copy, wait * MS, max(scene.rtt, 60 * MS)))
    return copies


@fault("HS012", "no-third-step")
def silent_client(scene: Scene) -> Blame:
    """The SYN-ACK is repeated, and the client never answers."""
    wants(scene.plain_opening)
    scene.cut(scene.third)
    for wait in (1, 2, 4)[: scene.rnd.randint(2, 3)]:
        last = scene.again(scene.packets[scene.synack], wait * SECOND + scene.rnd.randrange(9) * MS)
    scene.run(scene.rnd.randint(9, 30))
    return Blame(0, last)


@fault("HS015", "wrong-seq")
def crossing_syn_counted_twice(scene: Scene) -> Blame:
    """Both open at once, and one end's SYN-ACK has the number behind its SYN."""
    answers = _crossing(scene)
    side = scene.rnd.randrange(2)
    return Blame(side, answers[side].set(seq=answers[side].seq + 1))


@fault("HS015", "wrong-ack")
def crossing_syn_not_counted(scene: Scene) -> Blame:
    """Both open at once, and one end acknowledges the number of the crossing SYN."""
    answers = _crossing(scene)
    side = scene.rnd.randrange(2)
    return Blame(side, answers[side].set(ack=answers[side].ack - 1))


def _crossing(scene: Scene) -> list[Packet]:
    """Turn the opening into a simultaneous one; gives the SYN-ACKs of client and server."""
    plain_third(scene)
    syn, synack = scene.packets[scene.syn], scene.packets[scene.synack]
    other = scene.own_id(synack.copy(flags=SYN, ack=0))
    answer = scene.own_id(syn.copy(flags=SYN | ACK, ack=synack.seq + 1))
    stamps = synack.stamps
    if scene.stamped and stamps and syn.stamps:
        other.stamped(stamps[0], 0)
        answer.stamped(syn.stamps[0], stamps[0])
    else:
        for one in (syn, other, answer, synack):
            one.without(TS)
    at = scene.syn + 1
    scene.insert(at, other, 3 * MS, 5 * MS)
    scene.insert(at + 1, answer, 15 * MS, 4 * MS)
    return [answer, synack]


@fault("HS021", "partial-ack")
def half_of_the_syn_data(scene: Scene) -> Blame:
    """The server takes a part of the data on the SYN."""
    length = _data_on_syn(scene)
    taken = scene.rnd.randrange(1, length)
    synack = scene.packets[scene.synack]
    synack.set(ack=synack.ack + taken)
    scene.cut(scene.third)
    rest = scene.say(0, ACK | PSH, length - taken, max(scene.to_client, MS))
    rest.set(seq=synack.ack)
    scene.say(1)
    return Blame(1, synack)


@fault("HS021", "not-resent")
def syn_data_forgotten(scene: Scene) -> Blame:
    """The server leaves the data out, and the client goes on behind them."""
    wants(scene.near(0))
    length = _data_on_syn(scene)
    synack = scene.packets[scene.synack]
    round_trip = scene.rtt
    scene.cut(scene.third)
    scene.say(0, later_ns=MS)
    hole = scene.say(0, ACK | PSH, 200, MS)
    duplicate = scene.say(1, later_ns=round_trip)
    duplicate.set(ack=synack.ack)
    lost = scene.say(0, ACK | PSH, length, SECOND)
    lost.set(seq=synack.ack)
    scene.say(1, later_ns=round_trip)
    return Blame(0, hole)


@fault("HS022", "tfo-kept")
def fast_open_once_more(scene: Scene) -> Blame:
    """The repeated SYN still carries cookie and data."""
    length = _data_on_syn(scene)
    copy = scene.own_id(scene.packets[scene.syn].copy())
    scene.insert(scene.syn + 1, copy, 1100 * MS, 50 * MS)
    scene.packets[scene.synack].set(ack=scene.packets[scene.synack].ack + length)
    scene.cut(scene.third)
    scene.say(0, later_ns=max(scene.to_client, MS))
    return Blame(0, copy)


def _data_on_syn(scene: Scene) -> int:
    """Put a hundred octets or so on the SYN; the numbers behind stay as they are."""
    wants(scene.plain_opening)
    scene.packets[scene.synack].without(TFO)
    return _load(scene.packets[scene.syn], scene)


def _load(syn: Packet, scene: Scene) -> int:
    length = scene.rnd.choice([40, 100, 300])
    syn.without(TFO).plus(TFO, COOKIE)
    wants(len(syn.options) <= 40)
    syn.set(payload=bytes(97 + index % 26 for index in range(length)))
    return length


@fault("HS023", "early-data")
def banner_too_early(scene: Scene) -> Blame:
    """The server's first data leave behind its SYN-ACK, before the client has answered."""
    plain_third(scene)
    places = scene.data(1)
    wants(bool(places))
    data = scene.packets[places[0]]
    early = scene.own_id(scene.segment(scene.synack + 1, 1, ACK | PSH, data.length).set(payload=data.payload))
    scene.insert(scene.synack + 1, early, 2 * MS, 60 * MS + scene.rtt)
    return Blame(1, early)


@fault("HS024", "early-segment")
def data_before_the_answer(scene: Scene) -> Blame:
    """Data or an ACK leave before the SYN-ACK; they acknowledge the number 0."""
    return Blame(0, _early(scene, scene.rnd.choice([ACK, ACK | PSH])))


@fault("TD019", "early-fin")
def fin_before_the_answer(scene: Scene) -> Blame:
    """A FIN leaves before the SYN-ACK; it acknowledges the number 0."""
    return Blame(0, _early(scene, ACK | FIN))


def _early(scene: Scene, flags: int) -> Packet:
    wants(scene.plain_opening and 2**27 < scene.isn[1] < 2**32 - 2**27)  # else 0 may be its number
    third = scene.packets[scene.third]
    length = 20 if flags & PSH else 0
    early = third.copy(flags=flags, ack=0, seq=scene.isn[0] + 1, payload=b"a" * length)
    stamps = scene.packets[scene.syn].stamps
    if stamps:
        early.stamped(stamps[0], 0)
    else:
        early.without(TS)
    return scene.insert(scene.syn + 1, scene.own_id(early), 8 * MS, 15 * MS)


@fault("RS001", "wrong-ack")
def refusal_too_low(scene: Scene) -> Blame:
    """A refusal acknowledges the number of the SYN itself; the SYN comes again."""
    refusal = refused(scene)
    refusal.set(ack=refusal.ack - scene.rnd.choice([1, 1, 2, 16]))
    scene.again(scene.packets[scene.syn], SECOND)
    scene.again(refusal, 20 * MS)
    scene.run(scene.rnd.randint(4, 20))
    return Blame(1, refusal)


@fault("RS001", "seq-not-zero")
def refusal_with_a_number(scene: Scene) -> Blame:
    """A refusal has a number of its own."""
    return Blame(1, refused(scene).set(seq=scene.rnd.choice([scene.isn[1], scene.rnd.randrange(1, 2**32)])))


@fault("RS001", "ack-ignores-data")
def refusal_without_the_data(scene: Scene) -> Blame:
    """A refusal acknowledges the SYN but not the data on it."""
    refusal = refused(scene)
    _load(scene.packets[scene.syn], scene)
    return Blame(1, refusal)


def refused(scene: Scene) -> Packet:
    """The server refuses instead: RST with number 0 that acknowledges the SYN."""
    wants(scene.plain_opening)
    refusal = scene.own_id(scene.packets[scene.synack].copy())
    scene.cut(scene.synack)
    syn = scene.packets[scene.syn]
    refusal.set(flags=RST | ACK, seq=0, ack=syn.seq + 1, options=b"", window=0)
    return scene.append(refusal, scene.rnd.randint(1, 60) * MS)


@fault("RS002", "no-ack")
def bare_reset_of_a_syn(scene: Scene) -> Blame:
    """A RST without ACK comes before the SYN-ACK; the client repeats its SYN and is answered."""
    return Blame(None, _ignored(scene, RST))


@fault("RS002", "wrong-ack")
def false_reset_of_a_syn(scene: Scene) -> Blame:
    """A RST acknowledges less than the SYN before the SYN-ACK comes."""
    return Blame(None, _ignored(scene, RST | ACK))


def _ignored(scene: Scene, flags: int) -> Packet:
    wants(scene.plain_opening)
    syn, synack = scene.packets[scene.syn], scene.packets[scene.synack]
    ack = syn.seq - scene.rnd.randint(1, 40) if flags & ACK else 0
    reset = scene.own_id(synack.copy(flags=flags, seq=scene.rnd.randrange(1, 2**32), ack=ack, options=b"", window=0))
    at = scene.syn + 1
    scene.insert(at, reset, 20 * MS, 20 * MS)
    scene.insert(at + 1, scene.own_id(syn.copy()), 1000 * MS, 20 * MS)
    return reset
