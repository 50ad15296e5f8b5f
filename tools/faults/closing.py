"""Faults of the close: a FIN that moves, data behind it, wrong numbers after it, answers that never come."""

from tools.faults.fault import Blame, fault
from tools.faults.packet import ACK, FIN, PSH, RST, SACK, Packet
from tools.faults.scene import MS, SECOND, NoPlaceError, Scene, need, wants

WAITS_MS = (300, 600, 1200, 2400)  # before FIN or data are repeated


def first_fin(scene: Scene) -> tuple[int, int]:
    """The side that closed first and the place of its FIN."""
    side = scene.closer
    if side is None:
        raise NoPlaceError
    at = need(scene.fin(side))
    wants(scene.packets[at].seq == scene.nxt(side, at))  # data overtook it
    return side, at


def any_fin(scene: Scene) -> tuple[int, int]:
    """One of the two sides and the place of its FIN."""
    side = abs(first_fin(scene)[0] - scene.rnd.randrange(2))
    return side, need(scene.fin(side))


def closed(scene: Scene) -> int:
    """The side that closed first, of a close that is over."""
    side, _ = first_fin(scene)
    last = len(scene.packets)
    acks = [max(scene.relative(1 - who, one.ack) for one in scene.of(who) if one.has(ACK)) for who in (0, 1)]
    wants(all(acks[who] == scene.relative(1 - who, scene.nxt(1 - who, last)) for who in (0, 1)))
    return side


def accepted(scene: Scene, side: int, wrong: Packet) -> Blame:
    """Now and then the innocent peer takes what it should not have been sent, and acknowledges it from then on."""
    if scene.rnd.random() < 0.4:
        at = scene.packets.index(wrong) + 1
        end = scene.after(at - 1)
        scene.insert(at, scene.segment(at, 1 - side).set(ack=end), max(scene.rtt, 20 * MS))
        for one in scene.packets[at + 1 :]:
            if one.side == 1 - side and one.has(ACK):
                one.set(ack=end)
    return Blame(side, wrong)


@fault("TD002", "inside-data")
def fin_inside_the_data(scene: Scene) -> Blame:
    """A FIN stands inside the data that its end has sent; the right one follows."""
    side, at = any_fin(scene)
    sent = scene.relative(side, scene.nxt(side, at))
    wants(sent > 2 and scene.packets[at].length == 0)
    wrong = scene.own_id(scene.packets[at].copy(seq=scene.packets[at].seq - scene.rnd.randrange(1, min(sent, 20))))
    scene.insert(at, wrong, 30 * MS, 300 * MS)
    return Blame(side, wrong)


@fault("TD002", "below-stream")
def fin_below_the_stream(scene: Scene) -> Blame:
    """A FIN has the number of its own SYN."""
    side, at = any_fin(scene)
    wants(side == 0 or _behind_third_step(scene, at))
    wrong = scene.own_id(scene.packets[at].copy(seq=scene.isn[side], payload=b""))
    scene.insert(at, wrong, 30 * MS, 300 * MS)
    return Blame(side, wrong)


def _behind_third_step(scene: Scene, at: int) -> bool:
    """The server's FIN acknowledges two octets behind the bare third step, or the client's FIN: it was sent later."""
    third = scene.packets[scene.third]
    known = scene.relative(0, scene.packets[at].ack) - scene.relative(0, third.seq)
    mine = scene.fin(0)
    closed_there = mine is not None and mine < at and scene.packets[mine].seq == third.seq
    return third.bare_ack and (known > 1 or (known == 1 and closed_there))


@fault("TD003", "moved-up")
def fin_again_higher(scene: Scene) -> Blame:
    """The FIN is repeated one higher, as if it had been counted already."""
    side, at = any_fin(scene)
    fin = scene.packets[at]
    wrong = scene.own_id(fin.copy(seq=fin.seq + fin.length + 1, payload=b""))
    scene.insert(at + 1, wrong, 300 * MS, 30 * MS)
    return accepted(scene, side, wrong)


@fault("TD003", "moved-down")
def fin_again_lower(scene: Scene) -> Blame:
    """The FIN is repeated some octets lower."""
    side, at = any_fin(scene)
    fin = scene.packets[at]
    sent = scene.relative(side, scene.after(at)) - 1
    wants(sent > 2)
    wrong = scene.own_id(fin.copy(seq=fin.seq + fin.length - scene.rnd.randrange(1, min(sent, 20)), payload=b""))
    scene.insert(at + 1, wrong, 300 * MS, 30 * MS)
    return Blame(side, wrong)


@fault("TD004", "new-data")
def data_behind_the_fin(scene: Scene) -> Blame:
    """Whoever has closed sends more data, behind the FIN or at its number."""
    side, at = any_fin(scene)
    place = scene.rnd.randint(at + 1, len(scene.packets))
    length = scene.rnd.choice([10, 100, 500])
    data = scene.segment(place, side, ACK | PSH, length)
    if scene.rnd.random() < 0.5 and any(_acks(scene, one, 1 - side, scene.after(at)) for one in range(at, place)):
        data.set(seq=data.seq - 1)
    return accepted(scene, side, scene.insert(place, data, 100 * MS, 20 * MS))


@fault("TD005", "seq-beyond-fin")
def ack_behind_the_fin(scene: Scene) -> Blame:
    """The ACK of the peer's FIN has a number too high: its sender counts its own FIN twice."""
    side = closed(scene)
    end = scene.nxt(side, len(scene.packets))
    fins = sorted(need(scene.fin(who)) for who in (0, 1))
    last = next((one for one in scene.packets[fins[1] :] if one.side == side and one.bare_ack and one.seq == end), None)
    if last is None:
        raise NoPlaceError
    return Blame(side, last.set(seq=last.seq + 1))


@fault("TD006", "no-ack")
def bare_fin_in_a_connection(scene: Scene) -> Blame:
    """A FIN goes out without ACK, and properly later."""
    side, at = any_fin(scene)
    wrong = scene.own_id(scene.packets[at].copy(flags=FIN, ack=0))
    scene.insert(at, wrong, 30 * MS, 300 * MS)
    return Blame(side, wrong)


@fault("TD007", "ack-beyond-fin")
def fin_counted_twice(scene: Scene) -> Blame:
    """The FIN is repeated before the peer's, and the repetition is acknowledged as one more."""
    side = closed(scene)
    at = need(scene.fin(side))
    fin, end = scene.packets[at], scene.after(at)
    answer = next((place for place in range(at, len(scene.packets)) if _acks(scene, place, 1 - side, end)), None)
    place = need(answer) + 1
    wants(not scene.packets[place - 1].has(FIN))
    scene.insert(place, scene.own_id(fin.copy()), 300 * MS, 20 * MS)
    wrong = scene.segment(place + 1, 1 - side)
    scene.insert(place + 1, wrong.set(ack=end + scene.rnd.choice([1, 1, 20])), 30 * MS)
    return Blame(1 - side, wrong)


def _acks(scene: Scene, place: int, side: int, number: int) -> bool:
    one = scene.packets[place]
    return one.side == side and one.has(ACK) and one.ack == number


@fault("TD011", "silent")
def silent_after_the_close(scene: Scene) -> Blame:
    """An end that has closed lets the peer's data be repeated and says nothing."""
    side = _half_closed(scene)
    data = scene.say(1 - side, ACK | PSH, 500, SECOND)
    last = data
    for wait in WAITS_MS[:3]:
        last = scene.again(data, wait * MS)
    scene.run(20)
    return Blame(side, last)


@fault("RS010", "not-reset")
def deaf_after_the_close(scene: Scene) -> Blame:
    """An end that has closed answers the peer's data with the same old ACK and never resets."""
    side = _half_closed(scene)
    data = scene.say(1 - side, ACK | PSH, 500, SECOND)
    last = data
    for wait in (0, *WAITS_MS[:3]):
        if wait:
            last = scene.again(data, wait * MS)
        old = scene.say(side, later_ns=MS)
        old.set(ack=data.seq)
    scene.run(20)
    return Blame(side, last)


def _half_closed(scene: Scene) -> int:
    """Cut behind the first FIN and its ACK; gives the side that closed, which the capture is near to."""
    side, at = first_fin(scene)
    wants(scene.near(side))
    scene.cut(at + 1)
    scene.say(1 - side, later_ns=scene.rtt)
    return side


@fault("TD014", "silent")
def silent_in_time_wait(scene: Scene) -> Blame:
    """The peer repeats its FIN, and TIME-WAIT says nothing."""
    side = closed(scene)
    wants(scene.near(side))
    at = need(scene.fin(1 - side))
    wants(at > need(scene.fin(side)) and not any(one.payload for one in scene.packets[at:]))
    for wait in (1, 2):
        last = scene.again(scene.packets[at], wait * SECOND)
    scene.run(10)
    return Blame(side, last)


@fault("TD015", "cut-short")
def reset_out_of_time_wait(scene: Scene) -> Blame:
    """A copy of the peer's FIN is answered by a RST, a second after the close."""
    side = closed(scene)
    scene.again(scene.packets[need(scene.fin(1 - side))], scene.rnd.randint(1, 20) * SECOND)
    return Blame(side, scene.say(side, RST, later_ns=20 * MS))


@fault("TD016", "ignored")
def fin_heard_and_not_counted(scene: Scene) -> Blame:
    """The peer echoes the timestamp that came with the FIN but does not acknowledge the FIN."""
    side, at = first_fin(scene)
    wants(scene.stamped and scene.packets[at].stamps is not None)
    scene.cut(at + 1)
    fin = scene.packets[at]
    old = max((one.stamps[0] for one in scene.of(side, at) if one.stamps), default=0)
    stamp = old + 300
    for wait in (0, 300):
        fin = scene.again(fin, wait * MS) if wait else fin
        fin.stamped(stamp + wait, fin.stamps[1] if fin.stamps else 0)
        answer = scene.say(1 - side, later_ns=30 * MS)
        answer.set(ack=answer.ack - 1).stamped(answer.stamps[0] + wait if answer.stamps else 0, stamp + wait)
    scene.run(15)
    return Blame(1 - side, fin)


@fault("TD017", "unacknowledged")
def last_fin_without_answer(scene: Scene) -> Blame:
    """The second FIN is repeated again and again, and the first closer says nothing."""
    side = closed(scene)
    at = need(scene.fin(1 - side))
    wants(at > need(scene.fin(side)))
    scene.cut(at + 1)
    last = scene.packets[at]
    for wait in WAITS_MS[:3]:
        last = scene.again(scene.packets[at], wait * MS)
    scene.run(10)
    return Blame(1 - side, last)


@fault("TD020", "ack-loop")
def acks_for_ever(scene: Scene) -> Blame:
    """After the close both ends answer each other's ACK, one below their numbers, and do not stop."""
    side = closed(scene)
    for number in range(30):
        who = (side + number) % 2
        last = scene.say(who, later_ns=10 * MS)
        last.set(seq=last.seq - 1).without(SACK)
        if number == 21:
            found = last
    return Blame(found.side, found)


@fault("TD021", "slow")
def fin_acknowledged_late(scene: Scene) -> Blame:
    """The FIN is acknowledged by a bare ACK most of a second late."""
    side, at = first_fin(scene)
    wants(scene.rtt < 150 * MS and scene.plain_opening)
    answer = at + 1
    wants(answer < len(scene.packets) and _acks(scene, answer, 1 - side, scene.after(at)))
    wants(scene.packets[answer].bare_ack and sum(one.has(FIN) for one in scene.of(side)) == 1)
    lacks = scene.packets[at].time_ns + scene.rnd.randint(900, 1500) * MS - scene.packets[answer].time_ns
    scene.delay(answer, lacks)
    return Blame(1 - side, scene.packets[answer])
