"""How a connection opens, or does not."""

from tools.lab.match import is_syn
from tools.lab.scene import CLIENT_PORT, SERVER_PORT, Scene
from tools.lab.story import Outcome, story


@story(
    "handshake/refused",
    title=("A port where nobody listens", "端口无人收听"),
    text=(
        "The client connects to a port on which no program of the server listens. The server's stack answers the "
        "SYN with RST,ACK, and connect() fails at once with “connection refused”.",
        "客户端连接服务器上没有程序收听的端口。服务器的协议栈用 RST,ACK 回应 SYN，connect() 立即失败：“连接被拒绝”。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=2,
    expect=Outcome("refused", "not-applicable", notes=("refused-by-reset",)),
)
def refused(scene: Scene) -> None:
    """Nobody listens on the port."""
    scene.call()
    scene.moment("CLOSED", "CLOSED")


@story(
    "handshake/unanswered",
    title=("A SYN that nobody answers", "SYN 无人应答"),
    text=(
        "The server listens, but the way to it loses every SYN. The client sends its SYN again after one second and "
        "after two more. An unrelated datagram, more than three seconds after the last copy, shows that the capture "
        "was still running.",
        "服务器在收听，但途中丢失了所有 SYN。客户端在 1 秒后、再过 2 秒后重传 SYN。最后一次重传 3 秒多以后，"
        "一个无关的数据报表明抓包仍在进行。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=4,
    expect=Outcome("unanswered", "not-applicable", notes=("unanswered-syn",)),
)
def unanswered(scene: Scene) -> None:
    """Every SYN is lost: three copies at 0, 1 and 3 s; a datagram after 6.6 s shows that nothing else came."""
    scene.wire.drop(is_syn, times=None)
    scene.listen()
    scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    scene.run(3.5)
    scene.moment("SYN-SENT", "LISTEN")
    scene.run(2.9)
    scene.unrelated()
    scene.moment("SYN-SENT", "LISTEN")


@story(
    "handshake/refused-by-icmp",
    title=("A firewall refuses by ICMP", "防火墙以 ICMP 拒绝"),
    text=(
        "A program listens on the server's port, but a firewall in front of it answers the SYN with an ICMP "
        "message: destination unreachable, port unreachable. The client's stack gives up at once, and connect() fails "
        "with “connection refused”. No TCP segment ever comes back.",
        "服务器端口上有程序收听，但前面的防火墙用 ICMP 报文（目的不可达：端口不可达）回应 SYN。"
        "客户端协议栈立即放弃，connect() 失败：“连接被拒绝”。始终没有 TCP 报文返回。",
    ),
    wireshark="tcp.flags.syn == 1 || icmp.type == 3",
    frames=2,
    # RFC 9293 §3.9.2.2 lets a stack disregard such a message: the frames cannot tell whether the client gave up.
    expect=Outcome("refused-icmp", "not-applicable", notes=("refused-by-icmp",), hidden=("client",)),
)
def refused_by_icmp(scene: Scene) -> None:
    """The server's firewall rejects with ICMP 3/3 what its listener never sees."""
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with icmp port-unreachable")
    scene.listen()
    scene.call()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))


@story(
    "handshake/simultaneous-open",
    title=("Both ends open at once", "同时打开"),
    text=(
        "Neither end listens. Both connect to each other's port, and their SYNs cross in the middle, where this was "
        "captured. Each end, in SYN-SENT, meets a SYN instead of a SYN,ACK, enters SYN-RECEIVED and answers with "
        "SYN,ACK; both become ESTABLISHED. It is one connection, not two. The first to send its SYN counts as the "
        "client; it closes.",
        "双方都没有收听，而是互相连接对方的端口，两个 SYN 在途中（抓包处）交错。双方在 SYN-SENT 中收到的是 SYN 而不是"
        " SYN,ACK，于是进入 SYN-RECEIVED 并回应 SYN,ACK，随后都进入 ESTABLISHED。建立的是一个连接而不是两个。"
        "先发送 SYN 的一方算作客户端，由它关闭。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=10,  # S S, SA SA, A A, FA A FA A
    expect=Outcome("simultaneous", "four-way", active_closer="client", notes=("simultaneous-open",)),
    tap="middle",
)
def simultaneous_open(scene: Scene) -> None:
    """Both connect; the wire holds both SYNs until both are sent."""
    scene.wire.hold(is_syn, times=2)
    client = scene.call()
    server = scene.call(side="server")
    scene.moment("SYN-SENT", "SYN-SENT")
    scene.wire.release()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/ipv6",
    title=("Open and close over IPv6", "IPv6 上的建立与关闭"),
    text=(
        "The same handshake, the same talk and the same close, over IPv6: TCP does not change, only the addresses "
        f"under it do. The client is [2001:db8::1]:{CLIENT_PORT}.",
        f"同样的握手、同样的对话、同样的关闭，在 IPv6 上进行：TCP 不变，变的只是下面的地址。"
        f"客户端是 [2001:db8::1]:{CLIENT_PORT}。",
    ),
    wireshark="ipv6 && tcp.flags.fin == 1",
    frames=11,
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close")),
    version=6,
)
def over_ipv6(scene: Scene) -> None:
    """The client closes; the server waits, then closes too."""
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
