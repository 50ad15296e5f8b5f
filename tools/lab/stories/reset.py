"""Connections that end by RST."""

from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story


@story(
    "teardown/abort",
    title=("An abort", "异常终止"),
    text=(
        "The client sets SO_LINGER with a time of 0 and closes. That is an abort: it sends RST instead of FIN, "
        "both ends forget the connection at once, and nobody waits in TIME-WAIT.",
        "客户端把 SO_LINGER 的时间设为 0 后关闭。这是异常终止：发送 RST 而不是 FIN，双方立即忘记连接，"
        "没有一方停留在 TIME-WAIT。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=8,
    expect=Outcome("three-way", "abort", notes=("abortive-close",)),
)
def abort(scene: Scene) -> None:
    """SO_LINGER with time 0 makes close an abort: RST instead of FIN."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.abort(client)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/close-unread",
    title=("A close with unread data", "未读数据时关闭"),
    text=(
        "The client asks, the server answers, and the client closes without reading the answer. Octets that were "
        "acknowledged would be lost without a word, so the client's stack sends RST instead of FIN, as "
        "RFC 1122 §4.2.2.13 advises: the server learns that its answer was never read.",
        "客户端提问，服务器回答，客户端没有读取回答就关闭。已确认的字节会无声丢失，因此客户端协议栈按"
        " RFC 1122 §4.2.2.13 的建议发送 RST 而不是 FIN：服务器由此得知自己的回答没有被读取。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=8,  # S SA A, P A, P A, RA
    expect=Outcome("three-way", "abort", notes=("abortive-close",)),
)
def close_unread(scene: Scene) -> None:
    """The client closes with the answer in its buffer."""
    client, server = scene.open()
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.send(server, ANSWER)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    client.close()
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/data-after-close",
    title=("Data for a closed socket", "向已关闭的套接字发送数据"),
    text=(
        "The server closes its socket for good and waits in FIN-WAIT-2. The client has not closed and may send, so "
        "it sends. Nobody will read these octets: the server's stack answers with RST, as RFC 9293 §3.6.1 asks, so "
        "that the client learns of the loss.",
        "服务器彻底关闭了套接字，停留在 FIN-WAIT-2。客户端没有关闭，仍可发送，于是发送数据。这些字节不会再有人"
        "读取：服务器的协议栈按 RFC 9293 §3.6.1 的要求回应 RST，使客户端得知数据丢失。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=11,
    expect=Outcome("three-way", "rst-after-fin", active_closer="server", notes=("reset-after-own-fin",)),
)
def data_after_close(scene: Scene) -> None:
    """The server closes for good; the client, which may still send, does, and nobody is there to read it."""
    client, server = scene.open()
    scene.talk(client, server)
    server.close()
    scene.moment("CLOSE-WAIT", "FIN-WAIT-2")
    scene.send(client, QUESTION)
    scene.moment("CLOSED", "CLOSED")
