"""TCP Fast Open (RFC 7413): data on the SYN, and what becomes of it."""

import socket

from tools.lab.match import from_server, is_syn, on_port
from tools.lab.scene import ANSWER, CLIENT_PORT, QUESTION, TCP_FASTOPEN, Connection, Scene
from tools.lab.story import Outcome, story

OTHER_PORT = CLIENT_PORT + 1  # of the client that has a cookie
CLIENT_ON, SERVER_ON, WITHOUT_COOKIE = 1, 2, 4  # of the sysctl tcp_fastopen

FIRST = Outcome("three-way", "four-way", active_closer="client", notes=("fast-open", "four-way-close"))
AGAIN = Outcome("three-way", "four-way", active_closer="client", notes=("fast-open", "third-step-with-payload"))


def ready(scene: Scene) -> socket.socket:
    """Both kernels allow fast open, and the server listens for it."""
    scene.sysctl("client", "tcp_fastopen", CLIENT_ON)
    scene.sysctl("server", "tcp_fastopen", SERVER_ON)
    return scene.listen(options=[(socket.IPPROTO_TCP, TCP_FASTOPEN, 5)])


def ask_cookie(scene: Scene, listener: socket.socket) -> Connection:
    """A first connection, seven frames: it asks for a cookie, gets one, and is closed."""
    client = scene.call(data=QUESTION)
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
    return scene.connection(OTHER_PORT)


def answer_and_close(scene: Scene, client: socket.socket, server: socket.socket) -> None:
    """The server answers, the client closes, then the server: six frames."""
    scene.send(server, ANSWER)
    scene.read(client)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/fast-open-cookie",
    title=("Fast open: the client asks for a cookie", "快速打开：客户端索取 cookie"),
    text=(
        "The client wants to use TCP Fast Open and has never met this server. Its SYN carries an empty fast-open "
        "option, which asks for a cookie; the SYN,ACK brings one of eight octets (RFC 7413 §4.2.1). The data does not "
        "go along this time: the handshake is an ordinary one, and the question follows it.",
        "客户端想使用 TCP 快速打开，但从未与这台服务器打过交道。它的 SYN 带有空的快速打开选项，意为索取 cookie；"
        "SYN,ACK 带来八个字节的 cookie（RFC 7413 §4.2.1）。这一次数据不随 SYN 发送：握手与平常一样，问题在其后发出。",
    ),
    wireshark="tcp.options.tfo",
    frames=11,
    expect=FIRST,
)
def fast_open_cookie(scene: Scene) -> None:
    """The kernel has no cookie, so it does not take the data either; the program sends it after the handshake."""
    listener = ready(scene)
    client = scene.call(data=QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    answer_and_close(scene, client, server)


@story(
    "handshake/fast-open",
    title=("Fast open: the question travels on the SYN", "快速打开：问题随 SYN 发送"),
    text=(
        "A first connection asked for a cookie. The second one, from the next port, shows it on a SYN that carries the "
        "question; captured at the server. The server knows the cookie, hands the question to its program at once and "
        "acknowledges SYN and data together. Its answer leaves before the handshake is complete: the server is still "
        "in SYN-RECEIVED. One round trip is saved (RFC 7413 §3).",
        "第一个连接索取了 cookie。第二个连接（下一个端口）在携带问题的 SYN 上出示它；在服务器处抓包。服务器认得这个"
        " cookie，立即把问题交给程序，并同时确认 SYN 与数据。它的回答在握手完成之前就发出：服务器还在 SYN-RECEIVED。"
        "节省了一个往返（RFC 7413 §3）。",
    ),
    wireshark="tcp.options.tfo || tcp.len > 0",
    frames=16,  # 7; S+data, SA, P, A A, FA A FA A
    expect=(FIRST, FIRST),
    tap="server",
)
def fast_open(scene: Scene) -> None:
    """SYN,ACK and answer are held together, so that the answer surely leaves before the handshake is complete."""
    listener = ready(scene)
    ask_cookie(scene, listener)
    scene.wire.hold(from_server, times=2)
    client = scene.call(data=QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.send(server, ANSWER)
    scene.moment("SYN-SENT", "SYN-RECEIVED")
    scene.wire.release()
    scene.read(client)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/fast-open-refused",
    title=("Fast open: the server takes the SYN and not its data", "快速打开：服务器只接受 SYN，不接受数据"),
    text=(
        "The client has a cookie from a first connection, but meanwhile the server has switched fast open off. The "
        "second SYN carries cookie and question; the server ignores both and acknowledges the SYN alone. The client "
        "sees that its data was not taken and sends it again right behind the handshake (RFC 7413 §4.2.2): nothing "
        "is lost but the gain.",
        "客户端从第一个连接得到了 cookie，但服务器此后关闭了快速打开。第二个 SYN 带着 cookie 和问题；服务器对两者都不"
        "理会，只确认 SYN。客户端发现数据没有被接受，于是紧随握手重新发送（RFC 7413 §4.2.2）：除了省下的时间，什么也没"
        "有失去。",
    ),
    wireshark="tcp.options.tfo || tcp.len > 0",
    frames=17,  # 7; S+data SA P A, P A, FA A FA A
    expect=(FIRST, AGAIN),
)
def fast_open_refused(scene: Scene) -> None:
    """The server's kernel no longer does fast open when the cookie comes."""
    listener = ready(scene)
    ask_cookie(scene, listener)
    scene.sysctl("server", "tcp_fastopen", 0)
    client = scene.call(data=QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    answer_and_close(scene, client, server)


@story(
    "handshake/fast-open-blocked",
    title=("Fast open: the network swallows the SYN with data", "快速打开：网络吞掉带数据的 SYN"),
    text=(
        "The client has a cookie, but a device on the way does not know the option and drops the SYN that carries it. "
        "After one second the client tries again with a plain SYN: the same initial number, no option, no data "
        "(RFC 7413 §4.2.2). The handshake succeeds, and the question follows it.",
        "客户端有 cookie，但途中的设备不认识这个选项，丢弃了带有它的 SYN。一秒后客户端改用普通的 SYN：初始序号相同，"
        "没有选项，没有数据（RFC 7413 §4.2.2）。握手成功，问题随后发出。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=18,  # 7; S+data, S SA P A, P A, FA A FA A
    expect=(
        FIRST,
        Outcome(
            "three-way",
            "four-way",
            active_closer="client",
            notes=("fast-open", "syn-retransmission", "third-step-with-payload"),
        ),
    ),
)
def fast_open_blocked(scene: Scene) -> None:
    """The second connection's first SYN is dropped."""
    listener = ready(scene)
    ask_cookie(scene, listener)
    scene.wire.drop(is_syn & on_port(OTHER_PORT))
    client = scene.call(data=QUESTION)
    scene.moment("SYN-SENT", "LISTEN")
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    answer_and_close(scene, client, server)


@story(
    "handshake/syn-with-data",
    title=("Data on a SYN without a cookie", "不带 cookie 的 SYN 数据"),
    text=(
        "The client puts its question on the SYN and shows no cookie; TCP has always allowed that (RFC 9293 §3.5). "
        "The server's stack may keep the data until the handshake is complete, or leave it: this one acknowledges the "
        "SYN alone, and the client sends the question again.",
        "客户端把问题放在 SYN 上，却没有出示 cookie；TCP 一向允许这样做（RFC 9293 §3.5）。服务器的协议栈可以把数据保留"
        "到握手完成，也可以不收：这里它只确认了 SYN，客户端重新发送问题。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.len > 0",
    frames=10,  # S+data SA P A, P A, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("syn-with-data", "third-step-with-payload")),
)
def syn_with_data(scene: Scene) -> None:
    """The client's kernel is set to send data without a cookie, the server's knows no fast open."""
    scene.sysctl("client", "tcp_fastopen", CLIENT_ON | WITHOUT_COOKIE)
    scene.sysctl("server", "tcp_fastopen", 0)
    listener = scene.listen()
    client = scene.call(data=QUESTION)
    server = scene.answered(listener)
    listener.close()
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    answer_and_close(scene, client, server)
