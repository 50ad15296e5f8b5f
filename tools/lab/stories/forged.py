"""Segments that no end sent: forged RSTs, and SYN,ACKs that the wire has altered."""

from tools.lab.frame import remade, turned
from tools.lab.match import is_bare_ack, is_syn, is_synack
from tools.lab.scene import QUESTION, Scene
from tools.lab.stories.pair_again import close_in_turn
from tools.lab.story import Found, Outcome, story


def forge_reset(scene: Scene, beyond: int) -> None:
    """The server gets a RST in the client's name, `beyond` octets from the number that it expects next."""
    last = scene.wire.last(is_bare_ack)  # of the client, the last frame of a talk
    scene.wire.inject("server", remade(last, flags="R", seq=last.seq + beyond, ack=0, window=0, options=b""))


@story(
    "reset/forged-in-window",
    title=("A forged RST in the window", "窗口内的伪造 RST"),
    text=(
        "A stranger sends the server a RST in the client's name. Its number is in the window, but not the very next "
        "one: since RFC 5961 §3.2 such a RST ends nothing. The server answers with a challenge ACK. A client that "
        "really had reset would confirm at the number acknowledged there; this one knows of no RST and stays silent. "
        "Talk and close go on. Captured at the server.",
        "有人以客户端的名义向服务器发送 RST。其序号落在窗口内，却不是期待的下一个序号：按 RFC 5961 §3.2，这样的 RST 不"
        "会终止连接。服务器以质询 ACK 回应。真正复位过的客户端会以其中的确认号再次确认；而这个客户端并不知道有 RST，保"
        "持沉默。对话与关闭照常进行。在服务器处抓包。",
    ),
    wireshark="tcp.flags.reset == 1 || tcp.flags.fin == 1",
    frames=17,  # S SA A, P A P A, R A, P A P A, FA A FA A
    # Frame 10 lies in front of the RST and might have been overtaken by it; the ACK of the second answer cannot.
    expect=Outcome(
        "three-way",
        "four-way",
        active_closer="client",
        verdict="warns",
        findings=(Found("traffic-after-own-reset", "goes-on", "warning", "unknown", 13),),
        notes=("inexact-reset", "four-way-close"),
        evidence=("order",),
    ),
    tap="server",
)
def forged_in_window(scene: Scene) -> None:
    """1000 octets above the next one. A client that reset there would be CLOSED: the frames cannot tell yet."""
    client, server = scene.open()
    scene.talk(client, server)
    forge_reset(scene, 1000)
    scene.moment("ESTABLISHED", "ESTABLISHED", hidden=("client",))
    scene.talk(client, server)
    close_in_turn(scene, client, server, by="client")


@story(
    "reset/forged-outside-window",
    title=("A forged RST outside the window", "窗口之外的伪造 RST"),
    text=(
        "A stranger guesses: the number of his RST lies far outside the server's window. The server drops it without "
        "a word (RFC 9293 §3.10.7.4, RFC 5961 §3.2), and the connection goes on. Whoever holds the connection knows "
        "its numbers, so such a RST is a warning: it is somebody else's. Captured at the server.",
        "有人在猜测：他的 RST 的序号远在服务器窗口之外。服务器默默丢弃（RFC 9293 §3.10.7.4、RFC 5961 §3.2），连接继"
        "续。连接的持有者知道序号，因此这样的 RST 值得警告：它来自别人。在服务器处抓包。",
    ),
    wireshark="tcp.flags.reset == 1 || tcp.flags.fin == 1",
    frames=16,  # S SA A, P A P A, R, P A P A, FA A FA A
    expect=Outcome(
        "three-way",
        "four-way",
        active_closer="client",
        verdict="warns",
        findings=(Found("reset-outside-window", "outside", "warning", "unknown", 8),),
        notes=("four-way-close",),
    ),
    tap="server",
)
def forged_outside_window(scene: Scene) -> None:
    """A hundred million below the next one."""
    client, server = scene.open()
    scene.talk(client, server)
    forge_reset(scene, -100_000_000)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    close_in_turn(scene, client, server, by="client")


@story(
    "reset/forged-exact",
    title=("A forged RST at the right number", "序号正确的伪造 RST"),
    text=(
        "A stranger who can see the connection sends the server a RST at exactly the next number. The server cannot "
        "know better and forgets the connection. The client has sent no RST and asks again; its question meets a "
        "server without connection, which answers RST. That the client goes on after “its own” RST betrays the "
        "forgery. Captured at the server.",
        "能看到连接的人以恰好正确的序号向服务器发送 RST。服务器无从分辨，忘记了连接。客户端并没有发送 RST，再次提问；"
        "服务器上已没有这个连接，于是回应 RST。客户端在“自己的”RST 之后仍在继续，暴露了伪造。在服务器处抓包。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=10,  # S SA A, P A P A, R, P R
    expect=Outcome(
        "three-way",
        "abort",
        verdict="warns",
        findings=(Found("traffic-after-own-reset", "goes-on", "warning", "unknown", 9),),
    ),
    tap="server",
)
def forged_exact(scene: Scene) -> None:
    """The server believes the RST; the client goes on."""
    client, server = scene.open()
    scene.talk(client, server)
    forge_reset(scene, 0)
    scene.moment("ESTABLISHED", "CLOSED", hidden=("client",))
    scene.send(client, QUESTION)
    scene.moment("CLOSED", "CLOSED")


@story(
    "reset/forged-to-both-ends",
    title=("Both ends get a forged RST", "双方都收到伪造的 RST"),
    text=(
        "A device in the middle, where this was captured, wants the connection gone and sends a RST at the right "
        "number to each end in the name of the other. Both obey and nobody goes on. The frames cannot be told from an "
        "abort by both ends at once.",
        "途中（抓包处）的设备要切断连接，以对方的名义向每一端发送序号正确的 RST。双方都服从，没有一方继续。从帧来看，"
        "这与双方同时异常终止无法区分。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=9,  # S SA A, P A P A, R R
    expect=Outcome("three-way", "abort-both", notes=("abortive-close",)),
    tap="middle",
)
def forged_to_both(scene: Scene) -> None:
    """Two injected segments."""
    client, server = scene.open()
    scene.talk(client, server)
    last = scene.wire.last(is_bare_ack)
    forge_reset(scene, 0)
    back = turned(last)
    scene.wire.inject("client", remade(back, flags="R", seq=last.ack, ack=0, window=0, options=b""))
    scene.moment("CLOSED", "CLOSED")


@story(
    "reset/blind-rst-in-syn-sent",
    title=("A RST that SYN-SENT ignores", "SYN-SENT 忽略的 RST"),
    text=(
        "While the client waits for an answer to its SYN, a stranger sends it a RST without ACK. In SYN-SENT a RST "
        "counts only when it acknowledges the SYN (RFC 9293 §3.10.7.3): how else could it be an answer? The client "
        "drops it, and the true SYN,ACK opens the connection.",
        "客户端等待 SYN 的应答时，有人向它发送不带 ACK 的 RST。在 SYN-SENT 中，RST 只有确认了 SYN 才有效（RFC 9293 "
        "§3.10.7.3）：否则怎能算作应答？客户端丢弃它，真正的 SYN,ACK 建立了连接。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=8,  # S R SA A, FA A FA A
    expect=Outcome(
        "three-way",
        "four-way",
        active_closer="client",
        verdict="warns",
        findings=(Found("reset-ignored-in-syn-sent", "no-ack", "warning", "unknown", 2),),
        notes=("three-way-handshake", "four-way-close"),
    ),
)
def blind_rst_in_syn_sent(scene: Scene) -> None:
    """The SYN,ACK is held while the RST arrives."""
    scene.wire.hold(is_synack)
    listener = scene.listen()
    client = scene.call()
    scene.moment("SYN-SENT", "SYN-RECEIVED", hidden=("server",))
    answer = scene.wire.last(is_synack)
    scene.wire.inject("client", remade(answer, flags="R", seq=0, ack=0, window=0, options=b""))
    scene.moment("SYN-SENT", "SYN-RECEIVED", hidden=("server",))
    scene.wire.release()
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "reset/forged-refusal",
    title=("A refusal that the server never sent", "并非服务器发出的拒绝"),
    text=(
        "A program listens, but a device in the path drops the client's SYN and answers in the server's name: RST,ACK "
        "with the right acknowledgment number. In SYN-SENT that is a refusal (RFC 9293 §3.10.7.3), and the client "
        "gives up. Nothing in these two frames differs from a true refusal.",
        "服务器上有程序收听，但途中的设备丢弃了客户端的 SYN，并以服务器的名义回应确认号正确的 RST,ACK。在 SYN-SENT 中"
        "这就是拒绝（RFC 9293 §3.10.7.3），客户端放弃。这两个帧与真正的拒绝没有任何区别。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=2,  # S RA
    # The server never heard of the client, and the frames name it as the one that refused.
    expect=Outcome("refused", "not-applicable", notes=("refused-by-reset",), hidden=("server",)),
)
def forged_refusal(scene: Scene) -> None:
    """The SYN is dropped, the RST,ACK is injected."""
    scene.wire.drop(is_syn)
    scene.listen()
    scene.call()
    scene.moment("SYN-SENT", "LISTEN")
    syn = scene.wire.last(is_syn)
    refusal = remade(turned(syn), flags="R.", seq=0, ack=syn.next_seq, window=0, options=b"")
    scene.wire.inject("client", refusal)
    scene.moment("CLOSED", "LISTEN", hidden=("server",))


@story(
    "handshake/synack-for-another-syn",
    title=("A SYN,ACK that answers another SYN", "应答另一个 SYN 的 SYN,ACK"),
    text=(
        "The wire alters the acknowledgment number of the SYN,ACK: it speaks of a SYN that the client has not sent. A "
        "client in SYN-SENT rejects it with RST at just that number (RFC 9293 §3.10.7.3) and stays in SYN-SENT. For "
        "the server, in SYN-RECEIVED, the RST is in the window but not at the next number, so it answers with a "
        "challenge ACK (RFC 5961 §3.2). The client sends its SYN again, the server its SYN,ACK after a second, "
        "unharmed this time.",
        "线路改动了 SYN,ACK 的确认号：它应答的是客户端没有发送过的 SYN。处于 SYN-SENT 的客户端恰好以该确认号为序号回应"
        " RST（RFC 9293 §3.10.7.3），并停留在 SYN-SENT。对处于 SYN-RECEIVED 的服务器来说，这个 RST 在窗口内却不是下一"
        "个序号，于是以质询 ACK 回应（RFC 5961 §3.2）。客户端再次发送 SYN，服务器一秒后重发 SYN,ACK，这一次完好无损。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=11,  # S SA R A, S SA A, FA A FA A
    # A SYN of which the capture lacks a copy with data could explain the number.
    expect=Outcome(
        "three-way",
        "four-way",
        active_closer="client",
        notes=("three-way-handshake", "four-way-close"),
        evidence=("hole",),
    ),
)
def synack_for_another_syn(scene: Scene) -> None:
    """The first SYN,ACK acknowledges 1000 too many."""
    scene.wire.rewrite(is_synack, lambda seen: remade(seen, ack=seen.ack + 1000))
    listener = scene.listen()
    client = scene.call()
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")


@story(
    "handshake/synack-off-by-one",
    title=("A SYN,ACK that does not count the SYN", "没有计入 SYN 的 SYN,ACK"),
    text=(
        "A faulty device alters the SYN,ACK: it acknowledges the initial number itself instead of the number behind "
        "it. The SYN occupies one number, so this acknowledges nothing; it is the classic slip of a hand-written "
        "stack. The client rejects it with RST at the number acknowledged (RFC 9293 §3.10.7.3) and sends its SYN "
        "again, and the server, still in SYN-RECEIVED, repeats its answer, this time unharmed.",
        "有故障的设备改动了 SYN,ACK：它确认的是初始序号本身，而不是其后的序号。SYN 占用一个序号，所以这等于什么也没有"
        "确认；这是自行编写的协议栈常见的疏忽。客户端以该确认号为序号回应 RST（RFC 9293 §3.10.7.3），再次发送 SYN；仍"
        "处于 SYN-RECEIVED 的服务器重复应答，这一次完好无损。",
    ),
    wireshark="tcp.flags.syn == 1 || tcp.flags.reset == 1",
    frames=10,  # S SA R, S SA A, FA A FA A
    expect=Outcome(
        "three-way",
        "four-way",
        active_closer="client",
        verdict="violates",
        findings=(Found("synack-acks-wrong-number", "wrong-ack", "error", "server", 2),),
        notes=("three-way-handshake", "four-way-close"),
    ),
)
def synack_off_by_one(scene: Scene) -> None:
    """The first SYN,ACK acknowledges one too few."""
    scene.wire.rewrite(is_synack, lambda seen: remade(seen, ack=seen.ack - 1))
    listener = scene.listen()
    client = scene.call()
    server = scene.answered(listener)
    scene.moment("ESTABLISHED", "ESTABLISHED")
    close_in_turn(scene, client, server, by="client")
