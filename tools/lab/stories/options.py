"""What the handshake agrees on besides the numbers: options and ECN, taken, declined, removed on the way."""

from tools.lab.frame import remade
from tools.lab.match import is_syn
from tools.lab.scene import Scene
from tools.lab.story import Outcome, story

USUAL = Outcome("three-way", "four-way", active_closer="client", notes=("three-way-handshake", "four-way-close"))


def open_talk_close(scene: Scene) -> None:
    """Eleven frames: handshake, question and answer, and the client closes first."""
    client, server = scene.open()
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")


@story(
    "handshake/ecn",
    title=("ECN is agreed", "协商使用 ECN"),
    text=(
        "Both ends can handle Explicit Congestion Notification. The client asks for it with the flags ECE and CWR on "
        "its SYN, the server agrees with ECE alone on its SYN,ACK (RFC 3168 §6.1.1). Routers may now mark packets "
        "instead of dropping them. Everything else is as usual.",
        "双方都支持显式拥塞通知。客户端在 SYN 上置 ECE 和 CWR 提出请求，服务器在 SYN,ACK 上只置 ECE 表示同意"
        "（RFC 3168 §6.1.1）。此后路由器可以标记报文而不必丢弃。其余一切照常。",
    ),
    wireshark="tcp.flags.ece == 1",
    frames=11,
    expect=USUAL,
)
def ecn(scene: Scene) -> None:
    """Both kernels ask for ECN and grant it."""
    scene.sysctl("both", "tcp_ecn", 1)
    open_talk_close(scene)


@story(
    "handshake/ecn-declined",
    title=("ECN is declined", "拒绝使用 ECN"),
    text=(
        "The client asks for Explicit Congestion Notification with ECE and CWR on its SYN; the server does not want "
        "it, and its SYN,ACK carries neither flag. The connection does without (RFC 3168 §6.1.1).",
        "客户端在 SYN 上置 ECE 和 CWR 请求显式拥塞通知；服务器不愿使用，它的 SYN,ACK 两个标志都没有。"
        "连接就不使用 ECN（RFC 3168 §6.1.1）。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=11,
    expect=USUAL,
)
def ecn_declined(scene: Scene) -> None:
    """Only the client's kernel has ECN."""
    scene.sysctl("client", "tcp_ecn", 1)
    scene.sysctl("server", "tcp_ecn", 0)
    open_talk_close(scene)


@story(
    "handshake/ecn-fallback",
    title=("A SYN with ECN is lost, the next one does without", "带 ECN 的 SYN 丢失后改用普通 SYN"),
    text=(
        "The client's first SYN asks for ECN and is lost behind the client, where this was captured. Some old devices "
        "drop such a SYN, so after one second the client tries again without the two flags (RFC 3168 §6.1.1.1), with "
        "the same initial number. The server has never been asked and does not agree to anything.",
        "客户端的第一个 SYN 请求 ECN，在客户端（抓包处）之外丢失。有些旧设备会丢弃这样的 SYN，因此一秒后客户端去掉这两"
        "个标志再试（RFC 3168 §6.1.1.1），初始序号不变。服务器从未收到请求，也就不同意什么。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=12,  # S, and 11
    expect=Outcome(
        "three-way", "four-way", active_closer="client", notes=("syn-retransmission", "three-way-handshake")
    ),
)
def ecn_fallback(scene: Scene) -> None:
    """The SYN with ECE and CWR is dropped."""
    scene.sysctl("both", "tcp_ecn", 1)
    scene.wire.drop(is_syn)
    open_talk_close(scene)


@story(
    "handshake/no-options",
    title=("No options but the MSS", "除 MSS 外没有任何选项"),
    text=(
        "Both kernels are told to use neither timestamps nor SACK nor window scaling, as a small device would. The two "
        "SYNs carry the MSS option alone, and every later segment has a bare header of 20 octets. TCP works all the "
        "same: options are optional.",
        "两边的内核都设置为不使用时间戳、SACK 和窗口扩大，如同一台小设备。两个 SYN 只带 MSS 选项，之后每个报文都只有 20"
        " 字节的首部。TCP 照样工作：选项本来就是可选的。",
    ),
    wireshark="tcp.hdr_len == 20",
    frames=11,
    expect=USUAL,
)
def no_options(scene: Scene) -> None:
    """Three options are switched off at both ends."""
    for name in ("tcp_timestamps", "tcp_sack", "tcp_window_scaling"):
        scene.sysctl("both", name, 0)
    open_talk_close(scene)


@story(
    "handshake/options-stripped",
    title=("A device removes the options of the SYN", "途中的设备去掉了 SYN 的选项"),
    text=(
        "The client offers MSS, SACK, timestamps and window scaling, but a device on the way removes every option from "
        "its SYN; captured at the client. The server has seen no offer and may accept none, so its SYN,ACK carries "
        "its own MSS alone, and both ends do without the rest. An option holds only when both SYNs had it.",
        "客户端提出 MSS、SACK、时间戳和窗口扩大，但途中的设备把 SYN 的选项全部去掉；在客户端处抓包。服务器没有看到任何"
        "提议，也就不能接受什么，它的 SYN,ACK 只带自己的 MSS，双方都不使用其余选项。一个选项只有在两个 SYN 中都出现才"
        "有效。",
    ),
    wireshark="tcp.flags.syn == 1",
    frames=11,
    expect=USUAL,
)
def options_stripped(scene: Scene) -> None:
    """The wire makes a SYN without options of the client's."""
    scene.wire.rewrite(is_syn, lambda seen: remade(seen, options=b""))
    open_talk_close(scene)


@story(
    "handshake/md5-signature",
    title=("Every segment is signed", "每个报文都带签名"),
    text=(
        "Both ends share a key and sign every segment with MD5, as routers do for BGP (RFC 2385). The option takes 18 "
        "octets of each header, also of ACK and FIN, and leaves no room for timestamps beside SACK. A segment "
        "without a right signature is dropped in silence, so nobody else can reset this connection.",
        "双方共享一个密钥，用 MD5 为每个报文签名，路由器的 BGP 就是这样（RFC 2385）。选项占去每个首部的 18 字节，ACK"
        " 和 FIN 也不例外，时间戳因此没有位置。没有正确签名的报文会被无声丢弃，所以旁人无法复位这个连接。",
    ),
    wireshark="tcp.options.md5",
    frames=11,
    expect=USUAL,
)
def md5_signature(scene: Scene) -> None:
    """The same key at both ends."""
    key = b"no secret at all"
    client_end, server_end = scene.current.client, scene.current.server
    listener = scene.listen(prepare=lambda made: scene.sign(made, client_end, key))
    client = scene.call(prepare=lambda made: scene.sign(made, server_end, key))
    server = scene.answered(listener)
    listener.close()
    scene.moment("ESTABLISHED", "ESTABLISHED")
    scene.talk(client, server)
    client.close()
    scene.moment("FIN-WAIT-2", "CLOSE-WAIT")
    server.close()
    scene.moment("TIME-WAIT", "CLOSED")
