"""The same addresses and ports again: a new connection after an old one has ended, and TIME-WAIT between the two."""

import socket

from tools.lab.match import from_server, is_data, is_syn
from tools.lab.scene import Scene
from tools.lab.stories.numbers import LAST, beginning_at
from tools.lab.story import Found, Outcome, story

BY_CLIENT = Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close"))
BY_SERVER = Outcome("three-way", "four-way", active_closer="server", notes=("three-way-handshake", "four-way-close"))
AGAIN_BY_CLIENT = Outcome(
    "three-way", "four-way", active_closer="client", notes=("reused-connection-pair", "four-way-close")
)
AGAIN_BY_SERVER = Outcome(
    "three-way", "four-way", active_closer="server", notes=("reused-connection-pair", "four-way-close")
)


def close_in_turn(scene: Scene, first: socket.socket, second: socket.socket, by: str) -> None:
    """Four segments: FIN and ACK of the first, FIN and ACK of the second; `by` is the first one's side."""
    first.close()
    scene.moment(*(("FIN-WAIT-2", "CLOSE-WAIT") if by == "client" else ("CLOSE-WAIT", "FIN-WAIT-2")))
    second.close()
    scene.moment(*(("TIME-WAIT", "CLOSED") if by == "client" else ("CLOSED", "TIME-WAIT")))


@story(
    "reuse/client-reopens-from-time-wait",
    title=("The end in TIME-WAIT opens again", "处于 TIME-WAIT 的一端再次建立连接"),
    text=(
        "The client closes first and has to stay in TIME-WAIT. Its system is told to lend such pairs again when "
        "timestamps are in use (Linux tcp_tw_reuse): 1.2 s later the same program connects from the same port. "
        "Strictly, RFC 9293 §3.6.1 lets only a SYN of the other end cut TIME-WAIT short; the higher timestamp and an "
        "initial number 65537 above the old end keep old segments out, as RFC 6191 has it.",
        "客户端先关闭，本应停留在 TIME-WAIT。它的系统允许在使用时间戳时再次使用这样的地址端口对（Linux 的 tcp_tw_reuse"
        "）：1.2 秒后同一程序从同一端口再次连接。严格说来，RFC 9293 §3.6.1 只允许对端的 SYN 提前结束 TIME-WAIT；更大的"
        "时间戳以及比旧连接末尾高 65537 的初始序号把旧报文挡在外面，这正是 RFC 6191 的思路。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=14,  # twice S SA A, FA A FA A
    # RFC 7323 §3.2 asks for zero where ACK is not set; this kernel leaves the last of the old connection there.
    expect=(
        BY_CLIENT,
        Outcome(
            "three-way",
            "four-way",
            active_closer="client",
            verdict="warns",
            findings=(Found("nonzero-tsecr-in-syn", "echo-in-syn", "warning", "client", 8),),
            notes=("reused-connection-pair", "four-way-close"),
        ),
    ),
)
def client_reopens(scene: Scene) -> None:
    """tcp_tw_reuse asks that the clock of the timestamps has advanced by a second."""
    scene.sysctl("client", "tcp_tw_reuse", 1)
    listener = scene.listen()
    close_in_turn(scene, *scene.open(listener), by="client")
    scene.run(1.2)
    scene.connection()
    close_in_turn(scene, *scene.open(listener), by="client")


@story(
    "reuse/after-time-wait",
    title=("The same ports when TIME-WAIT is over", "TIME-WAIT 结束后再次使用同一端口"),
    text=(
        "The client closes first and waits in TIME-WAIT, as it should; a minute later its kernel lets go and the "
        "program connects again from the same port. RFC 9293 §3.4.2 and §3.6.1 ask for twice the maximum segment "
        "lifetime, four minutes; systems in use take 30 seconds to two minutes, so the frames do not tell when the "
        "waiting ended.",
        "客户端先关闭，照规矩停留在 TIME-WAIT；一分钟后内核放行，程序从同一端口再次连接。RFC 9293 §3.4.2 和 §3.6.1 要"
        "求等待两倍的最大报文生存时间，即四分钟；实际系统取 30 秒到两分钟，因此从帧中看不出等待何时结束。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.fin == 1",
    frames=14,  # twice S SA A, FA A FA A
    expect=(
        Outcome("three-way", "four-way", active_closer="client", notes=("four-way-close",), hidden=("client",)),
        AGAIN_BY_CLIENT,
    ),
)
def after_time_wait(scene: Scene) -> None:
    """The kernel's TIME-WAIT lasts 60 s, and no sysctl shortens it: this story takes a minute."""
    listener = scene.listen()
    close_in_turn(scene, *scene.open(listener), by="client")
    scene.run(66)  # its timer is coarse, so the minute may take four seconds more
    scene.moment("CLOSED", "CLOSED", hidden=("client",))
    scene.connection()
    close_in_turn(scene, *scene.open(listener), by="client")


@story(
    "reuse/after-reset",
    title=("The same ports at once after an abort", "异常终止之后立即使用同一端口"),
    text=(
        "The client aborts. RST leaves no TIME-WAIT behind (RFC 9293 §3.10.5), so the same pair of ports is free at "
        "once, and the client connects again. Nothing but the initial number protects the new connection from "
        "segments of the old one.",
        "客户端异常终止连接。RST 不留下 TIME-WAIT（RFC 9293 §3.10.5），同一对端口立即空闲，客户端再次连接。只有初始序"
        "号能防止旧连接的报文闯入新连接。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=11,  # S SA A RA, S SA A, FA A FA A
    expect=(Outcome("three-way", "abort", notes=("abortive-close",)), AGAIN_BY_CLIENT),
)
def after_reset(scene: Scene) -> None:
    """Abort, and connect again."""
    listener = scene.listen()
    client, _ = scene.open(listener)
    scene.abort(client)
    scene.moment("CLOSED", "CLOSED")
    scene.connection()
    close_in_turn(scene, *scene.open(listener), by="client")


@story(
    "reuse/syn-into-time-wait",
    title=("A SYN opens a server's TIME-WAIT", "SYN 让服务器离开 TIME-WAIT"),
    text=(
        "The server closes first and waits in TIME-WAIT. The client, which owes no waiting, connects again from the "
        "same port. Its SYN carries a higher timestamp, so the server may accept it at once (RFC 9293 §3.6.1 MAY-2, "
        "RFC 6191); it starts above every number that it used before.",
        "服务器先关闭，停留在 TIME-WAIT。客户端无须等待，从同一端口再次连接。它的 SYN 带有更大的时间戳，服务器因此可以"
        "立即接受（RFC 9293 §3.6.1 MAY-2、RFC 6191），并从高于以往所有序号的位置开始。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=14,  # twice S SA A, FA A FA A
    expect=(BY_SERVER, AGAIN_BY_SERVER),
)
def syn_into_time_wait(scene: Scene) -> None:
    """The server closes first both times."""
    listener = scene.listen()
    for _ in range(2):
        client, server = scene.open(listener)
        close_in_turn(scene, server, client, by="server")
        if len(scene.connections) < 2:
            scene.connection()


@story(
    "reuse/syn-into-time-wait-without-timestamps",
    title=("A SYN opens TIME-WAIT by its number alone", "SYN 仅凭序号让对端离开 TIME-WAIT"),
    text=(
        "As before, but neither end uses timestamps. The server in TIME-WAIT accepts the new SYN because its initial "
        "number is above everything that the old connection received (RFC 9293 §3.6.1 MAY-2); initial numbers follow "
        "a clock, so that is nearly always so.",
        "与前一案例相同，但双方都不使用时间戳。处于 TIME-WAIT 的服务器接受新的 SYN，因为它的初始序号高于旧连接收到的一"
        "切（RFC 9293 §3.6.1 MAY-2）；初始序号随时钟增长，几乎总能满足这一条件。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=14,  # twice S SA A, FA A FA A
    expect=(BY_SERVER, AGAIN_BY_SERVER),
)
def syn_into_time_wait_plain(scene: Scene) -> None:
    """The server closes first both times; no timestamps."""
    scene.sysctl("both", "tcp_timestamps", 0)
    syn_into_time_wait(scene)


@story(
    "reuse/three-in-a-row",
    title=("Three connections on the same ports", "同一对端口上的三个连接"),
    text=(
        "A client with a fixed port asks three times, a new connection for each question; the server closes first. "
        "Three connections share one pair of addresses and ports within seconds. Tools that key by addresses and "
        "ports alone take them for one.",
        "使用固定端口的客户端提问三次，每次新建一个连接；服务器先关闭。数秒之内三个连接共用同一对地址和端口。只按地址"
        "和端口区分的工具会把它们看作一个连接。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.fin == 1",
    frames=33,  # three times S SA A, P A, P A, FA A FA A
    expect=(BY_SERVER, AGAIN_BY_SERVER, AGAIN_BY_SERVER),
)
def three_in_a_row(scene: Scene) -> None:
    """Question, answer, close by the server; three times."""
    listener = scene.listen()
    for left in (2, 1, 0):
        client, server = scene.open(listener)
        scene.talk(client, server)
        close_in_turn(scene, server, client, by="server")
        if left:
            scene.connection()


@story(
    "reuse/old-isn-into-time-wait",
    title=("A SYN with an old number meets TIME-WAIT", "带旧序号的 SYN 遇到 TIME-WAIT"),
    text=(
        "The server waits in TIME-WAIT, without timestamps. The client comes back, but its initial number lies below "
        "the old connection's: perhaps an old copy, thinks the server, and repeats its last ACK. To a client in "
        "SYN-SENT that is no answer to its SYN, so it sends RST, which ends the TIME-WAIT; the SYN that follows opens "
        "the new connection (RFC 9293 §3.10.7.4, §3.5.1).",
        "服务器停留在 TIME-WAIT，双方不使用时间戳。客户端再次连接，但初始序号低于旧连接的序号：服务器认为这可能是旧的"
        "副本，于是重复最后一个 ACK。对处于 SYN-SENT 的客户端来说这不是对其 SYN 的应答，因此它发送 RST，服务器的 "
        "TIME-WAIT 随之结束；接着的 SYN 建立新连接（RFC 9293 §3.10.7.4、§3.5.1）。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=17,  # 7, S A R, S SA A, FA A FA A
    expect=(
        # The ACK and the RST come when the new SYN has ended the first connection for an observer.
        Outcome("three-way", "four-way", active_closer="server", hidden=("server",), notes=("four-way-close",)),
        AGAIN_BY_CLIENT,
    ),
)
def old_isn(scene: Scene) -> None:
    """The caller's initial number is set by hand; its second SYN waits in the wire until the kernel was asked."""
    scene.sysctl("both", "tcp_timestamps", 0)
    listener = scene.listen()
    client, server = scene.open(listener)
    close_in_turn(scene, server, client, by="server")
    old = scene.connection().number - 1
    scene.wire.hold(is_syn, skip=1)
    scene.call(prepare=beginning_at((scene.wire.last(is_syn).seq - 100_000) & LAST))
    scene.wire.until(lambda: bool(scene.wire.held()), "the second SYN")
    scene.moment("CLOSED", "CLOSED", hidden=("server",), of=scene.connections[old])
    scene.wire.release()
    client, server = scene.current.held["client"], scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "reuse/time-wait-assassination",
    title=("TIME-WAIT is assassinated", "TIME-WAIT 遭“暗杀”"),
    text=(
        "After an orderly close the client waits in TIME-WAIT; the server has forgotten everything. An old copy of "
        "the server's answer arrives. The client repeats its last ACK, as it must; the server knows no such "
        "connection and answers RST; and the RST ends the TIME-WAIT long before its time. RFC 1337 describes this and "
        "advises to ignore the RST, RFC 9293 §3.10.7.4 obeys it.",
        "正常关闭之后，客户端停留在 TIME-WAIT，服务器已忘记一切。服务器先前回答的一个旧副本到达。客户端按规定重复最后"
        "一个 ACK；服务器不认识这个连接，回应 RST；RST 使 TIME-WAIT 远未到期就结束。RFC 1337 描述了这一过程并建议忽略"
        "该 RST，RFC 9293 §3.10.7.4 则服从它。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1 || tcp.analysis.retransmission",
    frames=14,  # 7, FA A FA A, P A R
    expect=Outcome("three-way", "rst-after-both-fins", active_closer="client", notes=("reset-after-both-fins",)),
)
def assassination(scene: Scene) -> None:
    """The wire delivers the server's answer once more."""
    client, server = scene.open()
    scene.talk(client, server)
    close_in_turn(scene, client, server, by="client")
    scene.wire.inject("client", scene.wire.last(is_data & from_server).octets)
    scene.moment("CLOSED", "CLOSED")
