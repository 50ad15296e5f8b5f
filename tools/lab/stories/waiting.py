"""Connections that wait: keep-alive probes, a closed window, and nothing at all."""

from tools.lab.match import from_client, is_tcp
from tools.lab.scene import Scene
from tools.lab.stories.pair_again import BY_CLIENT, close_in_turn
from tools.lab.story import Outcome, story


@story(
    "waiting/keep-alive",
    title=("A keep-alive that is answered", "得到回应的保活探测"),
    text=(
        "The client probes after a second of silence: an ACK with no data and a sequence number one below the next, "
        "so that the server finds it unacceptable and has to answer (RFC 9293 §3.8.4). The answer shows that the "
        "server is there. Later the client closes.",
        "静默一秒后客户端进行探测：一个不带数据的 ACK，序号比下一个序号小一，服务器认为不可接受，必须回应（RFC 9293 "
        "§3.8.4）。回应表明服务器还在。稍后客户端关闭。",
    ),
    wireshark="tcp.analysis.keep_alive || tcp.analysis.keep_alive_ack || tcp.flags.fin == 1",
    frames=13,  # S SA A, P A P A, A A, FA A FA A
    expect=BY_CLIENT,
)
def keep_alive(scene: Scene) -> None:
    """One probe, then the close."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.keep_alive(client)
    scene.run(1.2)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "waiting/keep-alive-by-server",
    title=("A server probes its idle client", "服务器探测空闲的客户端"),
    text=(
        "Here it is the server that probes a silent client, as servers do to get rid of dead ones. The client's "
        "program notices nothing: its stack answers. Then the client closes.",
        "这里是服务器探测沉默的客户端，服务器常以此清理失效的连接。客户端程序毫无察觉，由其协议栈回应。随后客户端关"
        "闭。",
    ),
    wireshark="tcp.analysis.keep_alive || tcp.analysis.keep_alive_ack || tcp.flags.fin == 1",
    frames=9,  # S SA A, A A, FA A FA A
    expect=BY_CLIENT,
)
def keep_alive_by_server(scene: Scene) -> None:
    """One probe of a connection without data, then the close."""
    client, server = scene.open()
    scene.keep_alive(server)
    scene.run(1.2)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "waiting/keep-alive-dead-path",
    title=("A keep-alive that nobody answers", "无人回应的保活探测"),
    text=(
        "The path to the server dies without a word. The client probes after a second, three times, a second apart. "
        "Then it gives up, sends RST in case somebody still listens, and tells its program that the connection timed "
        "out (RFC 9293 §3.8.4). Captured at the client; the server never learns of it.",
        "通往服务器的路径悄然中断。静默一秒后客户端开始探测，共三次，间隔一秒。随后它放弃，发送 RST 以防对方还在，并告"
        "知程序连接超时（RFC 9293 §3.8.4）。在客户端处抓包；服务器始终不知道这一切。",
    ),
    wireshark="tcp.analysis.keep_alive || tcp.flags.reset == 1",
    frames=11,  # S SA A, P A P A, A A A, RA
    # The RST is lost behind the client: what a server does with a RST that it never got cannot be seen.
    expect=Outcome("three-way", "abort", notes=("abortive-close",), hidden=("server",)),
)
def keep_alive_dead_path(scene: Scene) -> None:
    """Everything towards the server is lost."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.keep_alive(client)
    scene.wire.drop(from_client & is_tcp, times=None)
    scene.run(4.3)
    scene.moment("CLOSED", "ESTABLISHED", hidden=("server",))


@story(
    "waiting/keep-alive-dead-peer",
    title=("A keep-alive finds a restarted server", "保活探测遇到重启的服务器"),
    text=(
        "The server's machine was restarted and knows nothing of the connection. The client's first probe finds that "
        "out: the server answers RST at the acknowledgment number of the probe (RFC 9293 §3.5.1), and the client's "
        "program learns at last that it was talking to nobody.",
        "服务器主机已重启，对这个连接一无所知。客户端的第一个探测发现了这一点：服务器以探测的确认号为序号回应 RST（"
        "RFC 9293 §3.5.1），客户端程序终于知道对面已没有人。",
    ),
    wireshark="tcp.analysis.keep_alive || tcp.flags.reset == 1",
    frames=9,  # S SA A, P A P A, A R
    expect=Outcome("three-way", "abort", notes=("abortive-close",)),
)
def keep_alive_dead_peer(scene: Scene) -> None:
    """The server vanishes; the probe meets nobody."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.keep_alive(client)
    scene.vanish(server)
    scene.moment("ESTABLISHED", "CLOSED", hidden=("server",))
    scene.run(1.2)
    scene.moment("CLOSED", "CLOSED")


@story(
    "waiting/no-close-before-the-end",
    title=("The capture ends before the connection", "抓包先于连接结束"),
    text=(
        "Handshake, question, answer, and then nothing: both programs keep the connection, neither probes. An "
        "unrelated datagram three seconds later shows that the capture was still running. How this connection ends, "
        "the capture cannot tell: of the close nothing is judged.",
        "握手、提问、回答，然后什么也没有：两个程序都保留着连接，谁也不探测。三秒后一个无关的数据报表明抓包仍在进行。"
        "这个连接如何结束，抓包无法回答：对关闭不作任何判断。",
    ),
    wireshark="tcp.len > 0",
    frames=8,  # S SA A, P A P A, and a datagram
    expect=Outcome(
        "three-way",
        "none",
        verdict="inconclusive",
        notes=("three-way-handshake", "no-close-seen"),
        evidence=("capture-end",),
    ),
)
def no_close_before_the_end(scene: Scene) -> None:
    """Three seconds of silence."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.run(2.9)
    scene.unrelated()
    scene.moment("ESTABLISHED", "ESTABLISHED")
