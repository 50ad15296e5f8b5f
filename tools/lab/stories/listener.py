"""What a listener does with handshakes when its queue is full, when it waits for data, or keeps no state at all."""

import socket

from tools.lab.match import from_client, is_bare_ack, on_port
from tools.lab.scene import ANSWER, CLIENT_PORT, QUESTION, Connection, Scene
from tools.lab.story import Outcome, story

OTHER_PORT = CLIENT_PORT + 1  # of the second client
TCP_DEFER_ACCEPT = 9


def take(scene: Scene, listener: socket.socket, connection: Connection) -> socket.socket:
    """Accept what waits first in the queue; it is `connection`'s."""
    accepted, _ = listener.accept()
    accepted.setblocking(False)
    scene.server.keep(accepted)
    connection.held["server"] = accepted
    return accepted


def closed(scene: Scene, connection: Connection) -> None:
    """The client closes, then the server."""
    connection.held["client"].close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT", of=connection)
    connection.held["server"].close()
    scene.moment("TIME-WAIT", "CLOSED", of=connection)


@story(
    "handshake/backlog-full",
    title=("The listener's queue is full", "收听队列已满"),
    text=(
        "The server's program listens with room for one connection and accepts nothing. The first client fills the "
        "queue. The SYN of the second, from the next port, is dropped without an answer: better silence than RST, "
        "because the client will try again. A moment later the program accepts, and when the SYN is repeated after "
        "one second there is room.",
        "服务器程序的收听队列只能容纳一个连接，而程序迟迟不接受。第一个客户端占满了队列。第二个客户端（下一个端口）的"
        " SYN 被丢弃而没有应答：沉默比 RST 好，因为客户端还会再试。稍后程序接受了连接，一秒后 SYN 重传时就有了位置。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=15,  # S SA A, S, S SA A, twice FA A FA A
    expect=(
        Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
        Outcome(
            "three-way",
            "four-way",
            active_closer="client",
            notes=("syn-retransmission", "three-way-handshake", "four-way-close"),
        ),
    ),
)
def backlog_full(scene: Scene) -> None:
    """listen(0) holds one connection; the second SYN comes before the program accepts the first."""
    scene.sysctl("server", "tcp_syncookies", 0)
    listener = scene.listen(backlog=0)
    first = scene.current
    scene.call()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    second = scene.connection(OTHER_PORT)
    scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    take(scene, listener, first)
    scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    closed(scene, first)
    closed(scene, second)


def overflow(scene: Scene) -> tuple[socket.socket, Connection, Connection]:
    """Two handshakes for one place in the queue, which the first ACK takes.

    A queue of one place would not let the second SYN in; the program makes it as short after both SYNs were answered.
    """
    scene.sysctl("server", "tcp_syncookies", 0)
    listener = scene.listen()
    scene.wire.hold(from_client & is_bare_ack & on_port(CLIENT_PORT), name="first")
    scene.wire.hold(from_client & is_bare_ack & on_port(OTHER_PORT), name="second")
    first = scene.current
    scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    second = scene.connection(OTHER_PORT)
    scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    listener.listen(0)
    scene.wire.release("first")
    scene.moment("ESTABLISHED", "ESTABLISHED", of=first)
    scene.wire.release("second")
    return listener, first, second


@story(
    "handshake/backlog-overflow",
    title=("The last ACK finds the queue full", "最后的 ACK 到达时队列已满"),
    text=(
        "Two clients open at the same time; captured at the server. Both SYNs are answered, then the program leaves "
        "room for one connection only, and when the last ACK of the second handshake arrives, the first has taken it. "
        "The server ignores the ACK: the client is ESTABLISHED, the server still in SYN-RECEIVED. Its timer repeats "
        "the SYN,ACK after one second, the client acknowledges again, and meanwhile the program has accepted: the "
        "second handshake succeeds late.",
        "两个客户端同时打开连接；在服务器处抓包。两个 SYN 都得到应答，随后程序把队列缩短到一个位置，第二个握手的最后一"
        "个 ACK 到达时，位置已被第一个连接占据。服务器忽略这个 ACK：客户端已 ESTABLISHED，服务器仍在 SYN-RECEIVED。一"
        "秒后它的定时器重传 SYN,ACK，客户端再次确认；此时程序已接受了连接，第二个握手迟到地成功了。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.port == 51001",
    frames=16,  # S SA, S SA, A A, SA A, twice FA A FA A
    expect=(
        Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
        Outcome(
            "three-way",
            "four-way",
            active_closer="client",
            notes=("synack-retransmission-changed", "three-way-handshake", "four-way-close"),
        ),
    ),
    tap="server",
)
def backlog_overflow(scene: Scene) -> None:
    """The second ACK is ignored; the program accepts before the SYN,ACK is repeated."""
    listener, first, second = overflow(scene)
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("server",))
    take(scene, listener, first)
    scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    closed(scene, first)
    closed(scene, second)


@story(
    "handshake/backlog-overflow-reset",
    title=("The last ACK finds the queue full and is refused", "队列已满，最后的 ACK 被 RST 拒绝"),
    text=(
        "As in backlog-overflow, but this server is set to refuse what it cannot queue (Linux: tcp_abort_on_overflow); "
        "captured at the server. The second client has completed its handshake and is ESTABLISHED, when instead of "
        "silence it gets RST, and its connection is gone.",
        "与 backlog-overflow 相同，但这台服务器设置为拒绝排不进队列的连接（Linux：tcp_abort_on_overflow）；"
        "在服务器处抓包。第二个客户端已完成握手，处于 ESTABLISHED，得到的却不是沉默而是 RST，连接随之消失。",
    ),
    wireshark="tcp.port == 51001",
    frames=11,  # S SA, S SA, A A, R, FA A FA A
    expect=(
        Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
        Outcome("three-way", "abort", notes=("three-way-handshake", "abortive-close")),
    ),
    tap="server",
)
def backlog_overflow_reset(scene: Scene) -> None:
    """The second ACK is answered with RST."""
    scene.sysctl("server", "tcp_abort_on_overflow", 1)
    listener, first, _ = overflow(scene)
    scene.wire.idle()
    take(scene, listener, first)
    listener.close()
    scene.moment("CLOSED", "CLOSED")
    closed(scene, first)


@story(
    "handshake/defer-accept",
    title=("A server that waits for data", "等待数据的服务器"),
    text=(
        "The listener is set to wake its program only when there is something to read (Linux: TCP_DEFER_ACCEPT). The "
        "client's last ACK of the handshake therefore changes nothing at the server, which stays in SYN-RECEIVED "
        "while the client is ESTABLISHED; the question, which carries the same acknowledgment, completes the "
        "handshake. The frames look like any handshake: only the kernel can tell.",
        "收听方设置为有数据可读时才唤醒程序（Linux：TCP_DEFER_ACCEPT）。因此客户端握手的最后一个 ACK 不改变服务器："
        "它仍在 SYN-RECEIVED，而客户端已是 ESTABLISHED；带有相同确认号的问题才完成握手。帧看起来与普通握手无异，"
        "只有内核知道区别。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.len > 0",
    frames=11,  # S SA A, P A P A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
)
def defer_accept(scene: Scene) -> None:
    """The bare ACK is ignored, the question accepted."""
    listener = scene.listen(options=[(socket.IPPROTO_TCP, TCP_DEFER_ACCEPT, 5)])
    client = scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("server",))
    scene.send(client, QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.send(server, ANSWER)
    scene.read(client)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    closed(scene, scene.current)


@story(
    "handshake/syn-cookies",
    title=("A server that keeps no state", "不保存状态的服务器"),
    text=(
        "The server answers every SYN with a SYN cookie (RFC 4987 §3.6): it keeps nothing of the handshake and hides "
        "what it must know in the initial number of its SYN,ACK. While the client's ACK is on the way, the server is "
        "still in LISTEN, as if no SYN had come; the ACK gives the cookie back, and the connection is ESTABLISHED "
        "out of nothing. No frame shows it.",
        "服务器用 SYN cookie 应答每个 SYN（RFC 4987 §3.6）：不保存握手的任何状态，必须知道的内容都藏在 SYN,ACK 的初始"
        "序号里。客户端的 ACK 还在途中时，服务器仍是 LISTEN，仿佛没有收到过 SYN；ACK 把 cookie 还回来，连接凭空进入"
        " ESTABLISHED。从帧上看不出来。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=11,  # S SA A, P A P A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
)
def syn_cookies(scene: Scene) -> None:
    """Cookies for every SYN; the client's ACK is held while the kernel is asked."""
    scene.sysctl("server", "tcp_syncookies", 2)
    scene.wire.hold(from_client & is_bare_ack)
    listener = scene.listen()
    client = scene.call()
    scene.moment("ESTABLISHED", "LISTEN", hidden=("server",))
    scene.wire.release()
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    closed(scene, scene.current)
