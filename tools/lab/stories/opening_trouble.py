"""How a handshake survives a wire that loses, doubles and delays its segments."""

from tools.lab.match import everything, from_client, is_bare_ack, is_syn, is_synack
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story

THREE_AND_FOUR = ("three-way-handshake", "four-way-close")


@story(
    "handshake/final-ack-lost",
    title=("The handshake's last ACK is lost", "握手的最后一个 ACK 丢失"),
    text=(
        "The third segment of the handshake is lost behind the client, where this was captured, and the client has "
        "nothing to say. The client is ESTABLISHED, the server still in SYN-RECEIVED. After one second the server's "
        "timer repeats the SYN,ACK; the client, for which it is an old segment, acknowledges once more (RFC 9293 "
        "§3.10.7.4), and now the server is ESTABLISHED too.",
        "握手的第三个报文在客户端（抓包处）之外丢失，而客户端没有数据要发。客户端已是 ESTABLISHED，服务器仍在"
        " SYN-RECEIVED。一秒后服务器的定时器重传 SYN,ACK；对客户端来说这是旧报文，它再次确认（RFC 9293 §3.10.7.4），"
        "服务器这才进入 ESTABLISHED。",
    ),
    wireshark="tcp.flags.syn == 1 && tcp.flags.ack == 1",
    frames=9,  # S SA A, SA A, FA A FA A
    expect=Outcome(
        "three-way", "four-way", active_closer="client", notes=("synack-retransmission-changed", *THREE_AND_FOUR)
    ),
)
def final_ack_lost(scene: Scene) -> None:
    """The client's first bare ACK is dropped, and the client is silent."""
    scene.wire.drop(from_client & is_bare_ack)
    listener = scene.listen()
    client = scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("server",))
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/final-ack-lost-then-data",
    title=("Data does what the lost ACK should have done", "数据代替丢失的 ACK 完成握手"),
    text=(
        "The third segment of the handshake is lost on its way to the server, where this was captured. The client "
        "does not know and sends its question. Every segment behind the SYN carries an acknowledgment, so the data "
        "completes the handshake (RFC 9293 §3.10.7.4): the server goes from SYN-RECEIVED to ESTABLISHED and has the "
        "question at once. Nobody waits for a timer.",
        "握手的第三个报文在去往服务器（抓包处）的途中丢失。客户端并不知道，直接发出问题。SYN 之后的每个报文都带有确认"
        "号，因此数据完成了握手（RFC 9293 §3.10.7.4）：服务器从 SYN-RECEIVED 进入 ESTABLISHED，同时得到了问题，无须等"
        "待任何定时器。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.len > 0",
    frames=10,  # S SA, P A, P A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("third-step-with-payload",)),
    tap="server",
)
def final_ack_lost_then_data(scene: Scene) -> None:
    """The client's first bare ACK is dropped; the question follows at once."""
    scene.wire.drop(from_client & is_bare_ack)
    listener = scene.listen()
    client = scene.call()
    scene.moment("ESTABLISHED", "SYN-RECEIVED", hidden=("client",))
    scene.send(client, QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.send(server, ANSWER)
    scene.read(client)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/syn-doubled",
    title=("The network doubles the SYN", "网络复制了 SYN"),
    text=(
        "The network delivers the client's one SYN twice, 50 ms apart; captured at the server. For the server, in "
        "SYN-RECEIVED, the copy says that its SYN,ACK may be lost, so it sends it again. The client acknowledges the "
        "first SYN,ACK, and the second one too, which is an old segment by then. It is one connection with one pair "
        "of initial numbers.",
        "网络把客户端的一个 SYN 送达两次，相隔 50 毫秒；在服务器处抓包。对处于 SYN-RECEIVED 的服务器来说，副本意味着"
        "自己的 SYN,ACK 可能丢失，于是再发一次。客户端确认第一个 SYN,ACK，也确认此时已属旧报文的第二个。"
        "连接只有一个，初始序号也只有一对。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=10,  # S SA, S SA, A A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=THREE_AND_FOUR),
    tap="server",
)
def syn_doubled(scene: Scene) -> None:
    """Both SYN,ACKs are held until the copy has come, so that the handshake is still open then."""
    scene.wire.twice(is_syn, after=0.05)
    scene.wire.hold(is_synack, times=2)
    listener = scene.listen()
    client = scene.call()
    scene.moment("SYN-SENT", "SYN-RECEIVED")
    scene.wire.release()
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/syn-copy-late",
    title=("A copy of the SYN comes when the connection is open", "连接建立后才到达的 SYN 副本"),
    text=(
        "The network delivers the client's SYN twice, and the copy comes 50 ms later, when both ends are ESTABLISHED; "
        "captured at the server. A SYN has no place there: the server answers it with one ACK that repeats where it "
        "stands (the challenge ACK of RFC 5961 §4), and nothing changes.",
        "网络把客户端的 SYN 送达两次，副本晚 50 毫秒，此时双方都已 ESTABLISHED；在服务器处抓包。这时不该再有 SYN："
        "服务器用一个 ACK 说明自己的现状（RFC 5961 §4 的质询 ACK），除此之外什么也不改变。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags == 0x10",
    frames=9,  # S SA A, S A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("delayed-old-segment",)),
    tap="server",
)
def syn_copy_late(scene: Scene) -> None:
    """The copy of the SYN meets an established connection."""
    scene.wire.twice(is_syn, after=0.05)
    client, server = scene.open()  # the moment waits until the copy has come, too
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/synack-doubled",
    title=("The network doubles the SYN,ACK", "网络复制了 SYN,ACK"),
    text=(
        "The network delivers the server's one SYN,ACK twice, 50 ms apart; captured at the client. The first makes "
        "the client ESTABLISHED. The copy is an old segment then, and the client answers it with an ACK that says "
        "what it said before (RFC 9293 §3.10.7.4). The server needs nothing of this.",
        "网络把服务器的一个 SYN,ACK 送达两次，相隔 50 毫秒；在客户端处抓包。第一个使客户端进入 ESTABLISHED。"
        "副本此时是旧报文，客户端用内容相同的 ACK 回应（RFC 9293 §3.10.7.4）。服务器并不需要它。",
    ),
    wireshark="tcp.flags.syn == 1 && tcp.flags.ack == 1",
    frames=9,  # S SA A, SA A, FA A FA A
    expect=Outcome(
        "three-way", "four-way", active_closer="client", notes=("synack-retransmission-changed", *THREE_AND_FOUR)
    ),
)
def synack_doubled(scene: Scene) -> None:
    """The copy of the SYN,ACK meets an established client."""
    scene.wire.twice(is_synack, after=0.05)
    client, server = scene.open()
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/old-duplicate-syn",
    title=("An old SYN comes before the new one", "旧 SYN 先于新 SYN 到达"),
    text=(
        "The client's SYN is stuck in the network. Its program gives up and calls again from the same port, with "
        "another initial number. Now the old SYN arrives first. The server cannot know that it is old and answers it; "
        "the client sees a SYN,ACK that acknowledges a number which it did not send, refuses it with RST and "
        "repeats its new SYN without waiting for a second. The server is back in LISTEN when the new SYN comes, and "
        "the handshake succeeds: Figure 8 of RFC 9293 §3.5, captured at the client.",
        "客户端的 SYN 滞留在网络中。程序放弃后从同一端口重新连接，初始序号不同。这时旧的 SYN 先到达。服务器无从得知它是"
        "旧的，于是应答；客户端发现这个 SYN,ACK 确认了自己没有发过的序号，用 RST 拒绝，并且不等一秒就重发新的 SYN。"
        "新的 SYN 到达时服务器已回到 LISTEN，握手成功。这就是 RFC 9293 §3.5 的图 8，在客户端处抓包。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=11,  # S, S', SA R, S' again, SA' A, FA A FA A
    expect=(
        Outcome("superseded", "not-applicable", hidden=("client",)),
        Outcome("three-way", "four-way", active_closer="client", notes=THREE_AND_FOUR),
    ),
)
def old_duplicate_syn(scene: Scene) -> None:
    """All SYNs are held; the first one arrives first, but its caller is gone. Of the second caller's one arrives."""
    scene.wire.hold(is_syn, name="old")
    scene.wire.hold(is_syn, name="new", times=2)
    listener = scene.listen()
    first = scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    first.close()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))
    scene.connection()
    client = scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    scene.wire.release("old")
    scene.moment("SYN-SENT", "LISTEN")
    scene.wire.release("new", count=1)
    scene.wire.lose_held("new")
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/simultaneous-open-one-first",
    title=("Both ends call, and one SYN arrives first", "双方同时呼叫，一个 SYN 先到"),
    text=(
        "Both ends connect to each other, and both SYNs are on the way; captured in the middle. The client's SYN "
        "arrives, the server's is stuck. The server, in SYN-SENT, enters SYN-RECEIVED and sends SYN,ACK; the client, "
        "still in SYN-SENT, takes it for the answer to its own SYN and is ESTABLISHED at once, without "
        "SYN-RECEIVED. The server's SYN comes last, when both ends are ESTABLISHED, and is answered with one ACK.",
        "双方互相连接，两个 SYN 都在途中；在中间抓包。客户端的 SYN 先到，服务器的 SYN 滞留。处于 SYN-SENT 的服务器进入"
        " SYN-RECEIVED 并发送 SYN,ACK；仍在 SYN-SENT 的客户端把它当作对自己 SYN 的应答，不经过 SYN-RECEIVED 直接进入"
        " ESTABLISHED。服务器的 SYN 最后到达，此时双方都已 ESTABLISHED，只得到一个 ACK。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=9,  # S S, SA A, A, FA A FA A
    expect=Outcome("simultaneous", "four-way", active_closer="client", notes=("simultaneous-open",)),
    tap="middle",
)
def simultaneous_open_one_first(scene: Scene) -> None:
    """The wire holds both SYNs and lets the client's go first."""
    scene.wire.hold(is_syn, times=2)
    client = scene.call()
    server = scene.call(side="server")
    scene.moment("SYN-SENT", "SYN-SENT")
    scene.wire.release(count=1)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.wire.release()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/simultaneous-open-long-path",
    title=("Both ends call over a long path", "长路径上的同时打开"),
    text=(
        "Each way takes 0.2 s at first, and the server calls 0.1 s after the client, before the client's SYN can have "
        "reached it; captured at the client, which sees the server's SYN 0.3 s after its own. It is a simultaneous "
        "open all the same: neither SYN acknowledges the other, each end answers with SYN,ACK, and both pass through "
        "SYN-RECEIVED.",
        "起初单程需要 0.2 秒，服务器在客户端之后 0.1 秒呼叫，此时客户端的 SYN 还不可能到达；在客户端处抓包，它在自己的"
        " SYN 之后 0.3 秒才看到服务器的 SYN。这仍然是同时打开：两个 SYN 都没有确认对方，双方都回应 SYN,ACK，都经过"
        " SYN-RECEIVED。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=10,  # S, S SA, SA A, A, FA A FA A
    expect=Outcome("simultaneous", "four-way", active_closer="client", notes=("simultaneous-open", "four-way-close")),
)
def simultaneous_open_long_path(scene: Scene) -> None:
    """Every frame of the handshake takes 0.2 s; the second call is 0.1 s later."""
    far = scene.wire.delay(everything, 0.2, times=None)
    client = scene.call()
    scene.run(0.1)
    server = scene.call(side="server")
    scene.moment("ESTABLISHED", "ESTABLISHED")
    far.forget()
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
