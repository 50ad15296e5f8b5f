"""More ways to close in order: by the other side, with data, without any, at once, late."""

import socket

from tools.lab.match import from_server, is_bare_ack
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.stories.pair_again import BY_CLIENT, BY_SERVER, close_in_turn
from tools.lab.story import Outcome, story


@story(
    "teardown/nothing-said-client-closes",
    title=("The client connects and closes", "客户端连接后随即关闭"),
    text=(
        "The shortest orderly life of a connection: three segments open it, four close it, and not one octet was "
        "sent. Health checks and port probes that behave look like this. Both sequence numbers end at 2: SYN and FIN "
        "take one each.",
        "一个连接最短的完整生命：三个报文建立，四个报文关闭，没有传送一个字节。守规矩的健康检查和端口探测就是这样。双"
        "方的序号都止于 2：SYN 和 FIN 各占一个。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.fin == 1",
    frames=7,  # S SA A, FA A FA A
    expect=BY_CLIENT,
)
def nothing_said_client_closes(scene: Scene) -> None:
    """Open and close."""
    close_in_turn(scene, *scene.open(), by="client")


@story(
    "teardown/nothing-said-server-closes",
    title=("The server accepts and closes", "服务器接受后随即关闭"),
    text=(
        "The server accepts the connection and closes it without a word, as one does that has too many clients. Its "
        "FIN follows the handshake at once. The client closes a moment later; TIME-WAIT is the server's.",
        "服务器接受连接后一言不发就关闭，客户端过多的服务器就是这样做的。它的 FIN 紧随握手之后。客户端稍后关闭；停留在"
        " TIME-WAIT 的是服务器。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.fin == 1",
    frames=7,  # S SA A, FA A FA A
    expect=BY_SERVER,
)
def nothing_said_server_closes(scene: Scene) -> None:
    """The server closes right behind accept()."""
    listener = scene.listen()
    client = scene.call()
    server = scene.answered(listener)
    close_in_turn(scene, server, client, by="server")


@story(
    "teardown/three-segment-close-by-server",
    title=("The server closes first, in three segments", "服务器先关闭，三个报文"),
    text=(
        "The server closes right after accept(). The client's program reads the end of the stream and closes before "
        "its delayed acknowledgment is due, so ACK and FIN share a segment. The whole connection takes six segments.",
        "服务器在 accept() 之后立即关闭。客户端程序读到流的末尾，在延迟确认到期之前就关闭，因此 ACK 与 FIN 共用一个报"
        "文。整个连接只有六个报文。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=6,  # S SA A, FA FA A
    expect=Outcome("three-way", "three-segment", active_closer="server", notes=("three-segment-close",)),
)
def three_segment_close_by_server(scene: Scene) -> None:
    """The client closes as soon as it reads the end."""
    client, server = scene.open()
    scene.slow_ack(client)
    server.close()
    scene.read(client)
    client.close()
    scene.moment("CLOSED", "TIME-WAIT")


@story(
    "teardown/three-segment-close-with-data",
    title=("Question and close in one segment, answered at once", "提问与关闭合为一个报文，并立即得到回应"),
    text=(
        "The client's question and its FIN travel in one segment. The server's program reads both, answers nothing "
        "and closes before its delayed acknowledgment is due: its FIN acknowledges data and FIN together, 37 octets "
        "and one.",
        "客户端的问题与 FIN 在同一个报文中。服务器程序读取之后不作回答，在延迟确认到期之前关闭：它的 FIN 一并确认了数"
        "据和 FIN，即 37 个字节再加一。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=6,  # S SA A, FPA FA A
    expect=Outcome(
        "three-way", "three-segment", active_closer="client", notes=("fin-with-data", "three-segment-close")
    ),
)
def three_segment_close_with_data(scene: Scene) -> None:
    """MSG_MORE puts the question into the FIN; the server is quick."""
    client, server = scene.open()
    scene.slow_ack(server)
    scene.send(client, QUESTION, more=True)
    client.close()
    scene.read(server)
    scene.read(server)
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/fin-with-data-by-server",
    title=("The answer and the FIN in one segment", "回答与 FIN 在同一个报文中"),
    text=(
        "The server answers and closes at once: answer and FIN share a segment, as with an old web server that ends "
        "its answer by closing. The client acknowledges both with one number, reads, and closes later.",
        "服务器回答后立即关闭：回答与 FIN 共用一个报文，就像以关闭连接来结束回答的旧式 Web 服务器。客户端用一个序号确"
        "认两者，读取之后稍晚关闭。",
    ),
    wireshark="tcp.flags.fin == 1 && tcp.len > 0",
    frames=9,  # S SA A, P A, FPA A, FA A
    expect=Outcome("three-way", "four-way", active_closer="server", notes=("fin-with-data", "four-way-close")),
)
def fin_with_data_by_server(scene: Scene) -> None:
    """MSG_MORE puts the answer into the FIN."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.send(server, ANSWER, more=True)
    server.close()
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    scene.read(client)
    client.close()
    scene.moment("CLOSED", "TIME-WAIT")


@story(
    "teardown/half-close-by-server",
    title=("The server stops sending, the client goes on", "服务器停止发送，客户端继续"),
    text=(
        "The server has said all and shuts down its sending direction, but still reads. The client, in CLOSE-WAIT, "
        "sends two more pieces, which the server acknowledges in FIN-WAIT-2 (RFC 9293 §3.6.1), and then closes.",
        "服务器该说的都已说完，关闭了自己的发送方向，但仍在接收。处于 CLOSE-WAIT 的客户端又发送两段数据，服务器在 "
        "FIN-WAIT-2 中确认（RFC 9293 §3.6.1），之后客户端关闭。",
    ),
    wireshark="tcp.len > 0 || tcp.flags.fin == 1",
    frames=11,  # S SA A, FA A, P A, P A, FA A
    expect=Outcome("three-way", "four-way", active_closer="server", notes=("half-close-with-data", "four-way-close")),
)
def half_close_by_server(scene: Scene) -> None:
    """The server shuts down for sending; the client sends twice."""
    client, server = scene.open()
    server.shutdown(socket.SHUT_WR)
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    for _ in range(2):
        scene.send(client, QUESTION)
        scene.read(server)
        scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    client.close()
    scene.moment("CLOSED", "TIME-WAIT")


@story(
    "teardown/shutdown-of-both-directions",
    title=("shutdown() of both directions", "shutdown() 关闭两个方向"),
    text=(
        "The client calls shutdown() for both directions. TCP knows only one: its FIN ends the client's sending. That "
        "it no longer reads is a matter between program and stack and shows in no segment; on the wire this is a "
        "plain close.",
        "客户端用 shutdown() 关闭两个方向。TCP 只认识一个方向：FIN 结束客户端的发送。不再接收只是程序与协议栈之间的"
        "事，在任何报文中都看不到；线路上看来这就是普通的关闭。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=11,  # S SA A, P A P A, FA A FA A
    expect=BY_CLIENT,
)
def shutdown_of_both_directions(scene: Scene) -> None:
    """The client shuts both down, the server closes."""
    client, server = scene.open()
    scene.talk(client, server)
    client.shutdown(socket.SHUT_RDWR)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/closed-at-once-by-both",
    title=("Both ends close as soon as they are connected", "双方一连接就关闭"),
    text=(
        "Both programs close at the same moment, right after the handshake, within one round trip: the FINs cross on "
        "the way, neither acknowledges the other, and both ends pass through CLOSING into TIME-WAIT. Seen from the "
        "client, only the acknowledgment number of the server's FIN shows that they crossed (RFC 9293 §3.6 case 3).",
        "握手刚完成，双方程序在同一时刻、一个往返之内关闭：两个 FIN 在途中交错，互不确认，双方都经过 CLOSING 进入 "
        "TIME-WAIT。从客户端看，只有服务器 FIN 的确认号表明它们交错了（RFC 9293 §3.6 第 3 种情况）。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=7,  # S SA A, FA FA, A A
    expect=Outcome("three-way", "simultaneous", active_closer="both", notes=("simultaneous-close",)),
)
def closed_at_once_by_both(scene: Scene) -> None:
    """Both close before the wire runs."""
    client, server = scene.open()
    client.close()
    server.close()
    scene.moment("TIME-WAIT", "TIME-WAIT")


@story(
    "teardown/simultaneous-close-with-data",
    title=("Both ends send and close at once", "双方同时发送并关闭"),
    text=(
        "Both ends send and shut down their sending direction before anything of the other arrives: two pieces of "
        "data and two FINs cross in the middle, where this was captured. Each FIN lies behind its own data and "
        "acknowledges nothing of the other's; both ends still read, and acknowledge data and FIN in CLOSING.",
        "双方在收到对方的任何内容之前都发送数据并关闭发送方向：两段数据与两个 FIN 在途中（抓包处）交错。每个 FIN 位于"
        "自己的数据之后，不确认对方的任何内容；双方仍在接收，并在 CLOSING 中确认数据和 FIN。",
    ),
    wireshark="tcp.len > 0 || tcp.flags.fin == 1",
    frames=11,  # S SA A, P FA P FA, A A, A A
    expect=Outcome("three-way", "simultaneous", active_closer="both", notes=("simultaneous-close",)),
    tap="middle",
)
def simultaneous_close_with_data(scene: Scene) -> None:
    """All four are sent before the wire runs."""
    client, server = scene.open()
    for end, octets in ((client, QUESTION), (server, ANSWER)):
        scene.send(end, octets)
        end.shutdown(socket.SHUT_WR)
    scene.read(client)
    scene.read(server)
    scene.moment("TIME-WAIT", "TIME-WAIT")


@story(
    "teardown/fin-ack-delayed",
    title=("The acknowledgment of the FIN is late", "对 FIN 的确认姗姗来迟"),
    text=(
        "The server acknowledges the client's FIN, but the ACK takes 0.3 s. The client's timer runs out before, after "
        "some 0.2 s, and the FIN is sent again; the server acknowledges the copy as well. When the late ACK arrives "
        "at last, its timestamp is older than that of the other: the client drops it and says so with an ACK (RFC "
        "7323 §5.3). Nobody is at fault. The server closes later.",
        "服务器确认了客户端的 FIN，但这个 ACK 在途中用了 0.3 秒。客户端的定时器在约 0.2 秒时先到期，FIN 被重传；服务器"
        "也确认了这个副本。迟到的 ACK 终于到达时，其时间戳比另一个旧：客户端将其丢弃，并以一个 ACK 告知（RFC 7323 §5.3"
        "）。双方都没有过错。服务器稍后关闭。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.analysis.duplicate_ack",
    frames=14,  # S SA A, P A P A, FA FA A A, A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-retransmission", "four-way-close")),
)
def fin_ack_delayed(scene: Scene) -> None:
    """The wire delays the first ACK of the FIN."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.delay(from_server & is_bare_ack, 0.3)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
