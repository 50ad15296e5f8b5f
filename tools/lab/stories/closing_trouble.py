"""How a close survives a wire that loses, doubles and reorders its segments, and what happens when it does not."""

import socket

from tools.lab.match import everything, from_client, from_server, is_bare_ack, is_data, is_fin
from tools.lab.scene import ANSWER, QUESTION, Scene
from tools.lab.story import Outcome, story

TCP_USER_TIMEOUT = 18


@story(
    "teardown/fin-lost",
    title=("The first FIN is lost", "第一个 FIN 丢失"),
    text=(
        "The client closes, and its FIN is lost behind it, where this was captured. It stays in FIN-WAIT-1; the "
        "server notices nothing. After 0.2 s the client's timer repeats the FIN with the same number (RFC 9293 §3.6 "
        "case 1), and the close goes on as usual.",
        "客户端关闭，它的 FIN 在客户端（抓包处）之外丢失。客户端停留在 FIN-WAIT-1，服务器毫无察觉。0.2 秒后客户端的"
        "定时器以相同的序号重传 FIN（RFC 9293 §3.6 情形一），关闭照常进行。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=12,  # 7, FA, FA A FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-retransmission", "four-way-close")),
)
def fin_lost(scene: Scene) -> None:
    """The client's first FIN is dropped."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.drop(is_fin & from_client)
    client.close()
    scene.moment("FIN-WAIT-1", "ESTABLISHED", quiet=0.05)
    scene.run(0.25)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/second-fin-lost",
    title=("The second FIN is lost", "第二个 FIN 丢失"),
    text=(
        "The client has closed and waits in FIN-WAIT-2. The server closes too, but its FIN is lost behind it, where "
        "this was captured. The server is in LAST-ACK and repeats its FIN after 0.2 s; only now does the client learn "
        "that the other direction is closed too, and enters TIME-WAIT.",
        "客户端已关闭，停留在 FIN-WAIT-2。服务器也关闭，但它的 FIN 在服务器（抓包处）之外丢失。服务器处于 LAST-ACK，"
        "0.2 秒后重传 FIN；客户端这才得知另一个方向也已关闭，进入 TIME-WAIT。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=12,  # 7, FA A, FA, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("fin-retransmission", "four-way-close")),
    tap="server",
)
def second_fin_lost(scene: Scene) -> None:
    """The server's first FIN is dropped."""
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.wire.drop(is_fin & from_server)
    server.close()
    scene.moment("FIN-WAIT-2", "LAST-ACK", quiet=0.05)
    scene.run(0.25)
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/fin-ack-lost",
    title=("The ACK of the first FIN is lost", "对第一个 FIN 的确认丢失"),
    text=(
        "The client closes; the server acknowledges the FIN, but the ACK is lost behind the server, where this was "
        "captured. The server is in CLOSE-WAIT, the client still in FIN-WAIT-1, and repeats its FIN after 0.2 s. The "
        "server knows it already and acknowledges once more. Loss of an ACK costs time, never data.",
        "客户端关闭，服务器确认了 FIN，但这个 ACK 在服务器（抓包处）之外丢失。服务器处于 CLOSE-WAIT，客户端仍在"
        " FIN-WAIT-1，0.2 秒后重传 FIN。服务器早已收到过它，再确认一次。丢失一个 ACK 只费时间，不丢数据。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=13,  # 7, FA A, FA A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("four-way-close",)),
    tap="server",
)
def fin_ack_lost(scene: Scene) -> None:
    """The server's acknowledgment of the client's FIN is dropped."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.drop(from_server & is_bare_ack)
    client.close()
    scene.moment("FIN-WAIT-1", "CLOSE-WAIT", quiet=0.05, hidden=("client",))
    scene.run(0.25)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/fin-unanswered",
    title=("A FIN that nobody acknowledges", "无人确认的 FIN"),
    text=(
        "The client closes while the way to the server loses everything. It repeats its FIN five times, at "
        "growing intervals, and then gives up without a word: no RST, the socket is simply gone (RFC 9293 §3.8.3 lets "
        "a stack stop after R2). The server knows nothing and stays ESTABLISHED. An unrelated datagram more than ten "
        "seconds after the last copy shows that the capture was still running. From the frames alone nobody can tell "
        "whether the client still waits in FIN-WAIT-1.",
        "客户端关闭时，去往服务器的报文全部丢失。它以不断加长的间隔重传 FIN 五次，然后默默放弃：没有 RST，"
        "套接字直接消失（RFC 9293 §3.8.3 允许协议栈在 R2 之后停止）。服务器一无所知，仍是 ESTABLISHED。"
        "最后一次重传十秒多以后，一个无关的数据报表明抓包仍在进行。只看帧无法判断客户端是否还停留在 FIN-WAIT-1。",
    ),
    wireshark="tcp.flags.fin == 1 || udp",
    frames=14,  # 7, FA and 5 copies, datagram
    expect=Outcome(
        "three-way",
        "unfinished-F1",
        active_closer="client",
        verdict="inconclusive",
        notes=("fin-retransmission", "unacknowledged-first-fin"),
        evidence=("capture-end",),  # nothing ended the close
        hidden=("client",),
    ),
)
def fin_unanswered(scene: Scene) -> None:
    """Every FIN is lost: one probe, four copies by the timer, the last after 3.4 s; the kernel gives up after 6.8 s."""
    scene.sysctl("client", "tcp_orphan_retries", 3)
    client, server = scene.open()
    scene.talk(client, server)
    lost = scene.wire.drop(from_client & is_fin, times=None)
    client.close()
    scene.moment("FIN-WAIT-1", "ESTABLISHED", quiet=0.05)
    scene.run(14.0)
    lost.forget()
    scene.unrelated()
    scene.moment("CLOSED", "ESTABLISHED", hidden=("client",))


@story(
    "teardown/fin-wait-2-timeout",
    title=("FIN-WAIT-2 has an end", "FIN-WAIT-2 也会超时"),
    text=(
        "The client closes its socket for good; the server does not close. RFC 9293 sets no limit for FIN-WAIT-2, but "
        "a kernel does not keep a connection for ever that no program holds: here it forgets it after one second, "
        "without a segment. When the server sends data later, there is no connection any more, and the client's stack "
        "answers with RST.",
        "客户端彻底关闭套接字，服务器却不关闭。RFC 9293 没有规定 FIN-WAIT-2 的期限，但内核不会永远保留没有程序持有的"
        "连接：这里一秒后就忘记了它，不发任何报文。服务器稍后发送数据时连接已不存在，客户端的协议栈回应 RST。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.flags.reset == 1",
    frames=11,  # 7, FA A, P R
    expect=Outcome("three-way", "rst-after-fin", active_closer="client", notes=("reset-after-own-fin",)),
)
def fin_wait_2_timeout(scene: Scene) -> None:
    """tcp_fin_timeout is one second; the server sends after two."""
    scene.sysctl("client", "tcp_fin_timeout", 1)
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    scene.run(2.0)
    scene.moment("CLOSED", "CLOSE-WAIT", hidden=("client",))
    scene.send(server, ANSWER)
    scene.moment("CLOSED", "CLOSED")


@story(
    "teardown/fin-doubled",
    title=("The network doubles the FIN", "网络复制了 FIN"),
    text=(
        "The network delivers the client's one FIN twice, 120 ms apart; captured at the server. The server, in "
        "CLOSE-WAIT, acknowledges the copy as well and counts it once: a FIN takes one number, however often it "
        "comes.",
        "网络把客户端的一个 FIN 送达两次，相隔 120 毫秒；在服务器处抓包。处于 CLOSE-WAIT 的服务器也确认副本，但只算一"
        "次：FIN 只占一个序号，无论它来多少次。",
    ),
    wireshark="tcp.flags.fin == 1",
    frames=13,  # 7, FA A FA A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("four-way-close",)),
    tap="server",
)
def fin_doubled(scene: Scene) -> None:
    """A copy of the client's FIN arrives later than a delayed ACK would leave."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.wire.twice(is_fin, after=0.12)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/fin-before-data",
    title=("The FIN overtakes the last data", "FIN 比最后的数据先到"),
    text=(
        "The client sends its question and closes, and the network delivers the FIN first; captured at the server. "
        "There is a hole before the FIN, so the server stays ESTABLISHED: it acknowledges nothing new and says with a "
        "SACK block what it has got. When the data arrives, one ACK covers data and FIN, and the server is in "
        "CLOSE-WAIT. A FIN counts when its number is due, not when it arrives.",
        "客户端发送问题后关闭，网络先送达 FIN；在服务器处抓包。FIN 之前有空洞，服务器仍是 ESTABLISHED：它不确认任何"
        "新内容，只用 SACK 块说明收到了什么。数据到达后，一个 ACK 同时确认数据与 FIN，服务器进入 CLOSE-WAIT。"
        "FIN 何时算数取决于序号轮到它的时刻，而不是到达的时刻。",
    ),
    wireshark="tcp.flags.fin == 1 || tcp.len > 0",
    frames=9,  # S SA A, FA A, P A, FA A
    expect=Outcome("three-way", "four-way", active_closer="client", notes=("four-way-close",)),
    tap="server",
)
def fin_before_data(scene: Scene) -> None:
    """The question is held until the FIN has arrived; what the client repeats of it meanwhile is lost."""
    client, server = scene.open()
    late = scene.wire.hold(is_data, times=None)
    scene.send(client, QUESTION)
    client.close()
    scene.moment("FIN-WAIT-1", "ESTABLISHED", quiet=0.05)
    late.forget()
    scene.wire.release(count=1)
    scene.wire.lose_held()
    scene.read(server)
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "teardown/user-timeout",
    title=("The user timeout ends a connection without a word", "用户超时：连接无声结束"),
    text=(
        "Suddenly everything from the server to the client is lost; captured at the server. The client sends its "
        "question, the server acknowledges it, and the client, which hears nothing, repeats it at growing intervals. "
        "Its program has set a user timeout of 1.5 s; when the time is over the stack gives up and forgets the "
        "connection (RFC 9293 §3.10.8). No segment says so, and the server stays ESTABLISHED.",
        "服务器发往客户端的报文突然全部丢失；在服务器处抓包。客户端发送问题，服务器予以确认，而客户端什么也没收到，"
        "以不断加长的间隔重传。它的程序设置了 1.5 秒的用户超时；时间一到，协议栈放弃并忘记连接（RFC 9293 §3.10.8）。"
        "没有任何报文说明这一点，服务器仍是 ESTABLISHED。",
    ),
    wireshark="tcp.len > 0",
    frames=11,  # S SA A, P A and three times again
    expect=Outcome(
        "three-way",
        "none",
        verdict="inconclusive",
        notes=("no-close-seen",),
        evidence=("capture-end",),
        hidden=("client",),
    ),
    tap="server",
)
def user_timeout(scene: Scene) -> None:
    """TCP_USER_TIMEOUT with everything towards the client dropped; copies after 0.2, 0.4, 0.8 and about 1.5 s."""
    scene.sysctl("client", "tcp_early_retrans", 0)
    client, server = scene.open()
    client.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, 1500)
    scene.wire.drop(from_server & everything, times=None)
    scene.send(client, QUESTION)
    scene.read(server)
    scene.moment("ESTABLISHED", "ESTABLISHED", quiet=0.05)
    scene.run(3.0)
    scene.moment("CLOSED", "ESTABLISHED", hidden=("client",))
