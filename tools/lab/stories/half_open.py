"""One end has forgotten the connection, or somebody pretends that it has."""

from tools.lab.frame import remade
from tools.lab.match import is_syn
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.stories.pair_again import BY_CLIENT, close_in_turn
from tools.lab.story import Outcome, story

ABORTED = Outcome("three-way", "abort", notes=("abortive-close",))


@story(
    "reuse/half-open-rediscovered",
    title=("A restarted client finds its old connection", "重启的客户端发现旧连接"),
    text=(
        "The client's machine loses its memory, without a frame; the server still believes in the connection. The "
        "client connects again from the same port. The server answers the SYN with a challenge ACK that has the old "
        "numbers; to a client in SYN-SENT that acknowledges nothing it sent, so it answers RST at just that number. "
        "Now the server lets go, and the next copy of the SYN opens a new connection: Figure 9 of RFC 9293 §3.5.1, "
        "RFC 5961 §4.2.",
        "客户端主机失去了记忆，没有发出任何帧；服务器仍认为连接存在。客户端从同一端口再次连接。服务器用带有旧序号的质"
        "询 ACK回应 SYN；对处于 SYN-SENT 的客户端来说，它确认的不是自己发出的内容，于是客户端恰好以该序号回应 RST。服"
        "务器随即放弃旧连接，下一个 SYN 建立新连接：见 RFC 9293 §3.5.1 图 9、RFC 5961 §4.2。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=17,  # 7, S A R, S SA A, FA A FA A
    expect=(
        Outcome("three-way", "abort", notes=("syn-inside-connection", "syn-challenged", "half-open-recovery")),
        BY_CLIENT,
    ),
)
def half_open_rediscovered(scene: Scene) -> None:
    """The client vanishes; its second SYN waits in the wire until the kernel was asked."""
    listener = scene.listen()
    client, server = scene.open(listener)
    scene.talk(client, server)
    scene.vanish(client)
    scene.moment("CLOSED", "ESTABLISHED", hidden=("client",))
    scene.connection()
    scene.wire.hold(is_syn, skip=1)
    client = scene.call()
    scene.wire.until(lambda: bool(scene.wire.held()), "the second SYN")
    scene.moment("CLOSED", "CLOSED", of=scene.connections[0])
    scene.wire.release()
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "teardown/data-for-a-restarted-client",
    title=("Data for a client that was restarted", "发往已重启客户端的数据"),
    text=(
        "The client loses its memory without a frame. The server does not know and sends its answer. The client's "
        "machine has no such connection, so it answers with RST at the acknowledgment number of the data: Figure 10 "
        "of RFC 9293 §3.5.1. From the frames alone this looks like an abort by the client.",
        "客户端失去了记忆，没有发出任何帧。服务器并不知道，仍发送回答。客户端主机上没有这个连接，于是以数据的确认号作"
        "为序号回应 RST：见 RFC 9293 §3.5.1 图 10。仅从帧来看，这与客户端异常终止没有区别。",
    ),
    wireshark="tcp.len > 0 || tcp.flags.reset == 1",
    frames=7,  # S SA A, P A, P R
    expect=ABORTED,
)
def data_for_a_restarted_client(scene: Scene) -> None:
    """The client vanishes between question and answer."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.vanish(client)
    scene.moment("CLOSED", "ESTABLISHED", hidden=("client",))
    scene.send(server, ANSWER)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/data-for-a-restarted-server",
    title=("Data for a server that was restarted", "发往已重启服务器的数据"),
    text=(
        "The server loses its memory without a frame, and its program listens again. The client goes on with the old "
        "connection and sends a second question. A listening socket takes no data without a handshake: the server "
        "answers RST at the acknowledgment number of the question (RFC 9293 §3.10.7.2), and the client learns that it "
        "has to begin anew.",
        "服务器失去了记忆，没有发出任何帧，其程序重新开始收听。客户端继续使用旧连接，发送第二个问题。收听中的套接字不"
        "接受没有经过握手的数据：服务器以该问题的确认号作为序号回应 RST（RFC 9293 §3.10.7.2），客户端由此得知必须重新"
        "开始。",
    ),
    wireshark="tcp.len > 0 || tcp.flags.reset == 1",
    frames=9,  # S SA A, P A, P A, P R
    expect=ABORTED,
)
def data_for_a_restarted_server(scene: Scene) -> None:
    """The server vanishes; its listener stays."""
    client, server = scene.open(scene.listen())
    scene.talk(client, server)
    scene.vanish(server)
    scene.moment("ESTABLISHED", "CLOSED", hidden=("server",))
    scene.send(client, QUESTION)
    scene.moment("CLOSED", "CLOSED")


@story(
    "reuse/forged-syn",
    title=("A forged SYN on a living connection", "活动连接上的伪造 SYN"),
    text=(
        "Somebody who knows addresses and ports sends the server a SYN in the client's name, with an initial number "
        "of his own. The server, ESTABLISHED, answers with a challenge ACK (RFC 9293 §3.10.7.4, RFC 5961 §4.2). The "
        "true client finds nothing new in that and stays silent, and the talk goes on. The forged SYN counts as an "
        "attempt of its own that nobody answered. Captured at the server.",
        "有人知道地址和端口，以客户端的名义向服务器发送 SYN，初始序号由他自己选定。处于 ESTABLISHED 的服务器以质询 ACK"
        "回应（RFC 9293 §3.10.7.4、RFC 5961 §4.2）。真正的客户端从中得不到任何新内容，保持沉默，对话继续。伪造的 SYN "
        "单独算作一次无人应答的尝试。在服务器处抓包。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=15,  # S SA A, P A P A, S A, P A P A, RA, and a datagram
    # The forged SYN opens nothing at either end, but that cannot be told from the frames of its sender.
    expect=(
        Outcome("three-way", "abort", notes=("syn-inside-connection", "syn-challenged", "abortive-close")),
        Outcome("unanswered", "not-applicable", hidden=("client",)),
    ),
    tap="server",
)
def forged_syn(scene: Scene) -> None:
    """A SYN is injected; the datagram 3.3 s later shows that nobody answered it."""
    live = scene.current
    client, server = scene.open(scene.listen())
    scene.talk(client, server)
    first = scene.wire.last(is_syn)
    scene.wire.inject("server", remade(first, seq=first.seq + 1_000_000_000))
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    scene.abort(server)
    scene.moment("CLOSED", "CLOSED", of=live)
    scene.run(2.9)
    scene.unrelated()
    scene.connection()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))
