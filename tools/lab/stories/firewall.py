"""A firewall in front of a listening server refuses: by RST, or by ICMP messages of several kinds."""

from tools.lab.scene import SERVER_PORT, Scene
from tools.lab.story import Outcome, story

# A client may make of an ICMP message what it likes (RFC 9293 §3.9.2.2): the frames cannot tell whether it gave up.
BY_ICMP = Outcome("refused-icmp", "not-applicable", notes=("refused-by-icmp",), hidden=("client",))


@story(
    "handshake/refused-by-firewall",
    title=("A firewall refuses by RST", "防火墙以 RST 拒绝"),
    text=(
        "A program listens on the server's port, but a firewall rejects the SYN with RST,ACK. Numbers and flags are "
        "those of a port where nobody listens (RFC 9293 §3.10.7.1), and the client cannot tell the difference.",
        "服务器端口上有程序收听，但防火墙用 RST,ACK 拒绝了 SYN。序号和标志与无人收听的端口完全相同（RFC 9293 §3.10.7.1"
        "），客户端无法分辨。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=2,  # S RA
    # The frames name the server as the one that refused; its socket goes on listening.
    expect=Outcome("refused", "not-applicable", notes=("refused-by-reset",), hidden=("server",)),
)
def refused_by_firewall(scene: Scene) -> None:
    """The firewall rejects with tcp reset."""
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with tcp reset")
    scene.listen()
    scene.call()
    scene.moment("CLOSED", "LISTEN", hidden=("server",))


@story(
    "handshake/host-unreachable",
    title=("An ICMP message says: host unreachable", "ICMP 报文：主机不可达"),
    text=(
        "The SYN is answered with ICMP type 3 code 1, host unreachable. RFC 9293 §3.9.2.2 calls this a soft error, a "
        "hint that must not end the attempt; this kernel gives up all the same, as RFC 5461 tells of many, and "
        "connect() fails with “no route to host”. A datagram after three seconds shows that no second SYN came.",
        "SYN 得到的回应是 ICMP 类型 3 代码 1：主机不可达。RFC 9293 §3.9.2.2 称之为软错误，只是提示，不得因此终止尝试；"
        "这个内核仍然放弃了，正如 RFC 5461 所述的许多实现，connect() 失败：“没有到主机的路由”。三秒后的数据报表明没有"
        "第二个 SYN。",
    ),
    wireshark="tcp.flags.syn == 1 || icmp.type == 3",
    frames=3,  # S ICMP, and a datagram
    expect=BY_ICMP,
)
def host_unreachable(scene: Scene) -> None:
    """The firewall rejects with ICMP 3/1."""
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with icmp host-unreachable")
    scene.listen()
    scene.call()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))
    scene.run(3.1)
    scene.unrelated()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))


@story(
    "handshake/administratively-prohibited",
    title=("An ICMP message says: prohibited", "ICMP 报文：被管理员禁止"),
    text=(
        "The firewall is frank: ICMP type 3 code 13, communication administratively prohibited (RFC 1812 §5.2.7.1). "
        "RFC 9293 does not say whether that is a hard error; this kernel gives up, and connect() fails at once.",
        "防火墙直言相告：ICMP 类型 3 代码 13，通信被管理员禁止（RFC 1812 §5.2.7.1）。RFC 9293 没有说明这是否为硬错误；"
        "这个内核放弃了，connect() 立即失败。",
    ),
    wireshark="tcp.flags.syn == 1 || icmp.type == 3",
    frames=2,  # S ICMP
    # Not a hard error, so a second SYN would be no surprise, and the capture ends before one could come.
    expect=Outcome(
        "refused-icmp",
        "not-applicable",
        notes=("refused-by-icmp",),
        evidence=("capture-end",),
        hidden=("client",),
    ),
)
def administratively_prohibited(scene: Scene) -> None:
    """The firewall rejects with ICMP 3/13."""
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with icmp admin-prohibited")
    scene.listen()
    scene.call()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))


@story(
    "handshake/port-unreachable-over-ipv6",
    title=("A firewall refuses by ICMPv6", "防火墙以 ICMPv6 拒绝"),
    text=(
        "Over IPv6 the same refusal has other numbers: ICMPv6 type 1 code 4, port unreachable (RFC 4443 §3.1), a hard "
        "error. It quotes the SYN whole, options included. The client's stack gives up at once.",
        "在 IPv6 上，同样的拒绝使用不同的编号：ICMPv6 类型 1 代码 4，端口不可达（RFC 4443 §3.1），是硬错误。它完整引用"
        "了 SYN，包括选项。客户端协议栈立即放弃。",
    ),
    wireshark="tcp.flags.syn == 1 || icmpv6.type == 1",
    frames=2,  # S ICMPv6
    expect=BY_ICMP,
    version=6,
)
def port_unreachable_over_ipv6(scene: Scene) -> None:
    """The firewall rejects with ICMPv6 1/4."""
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with icmpv6 port-unreachable")
    scene.listen()
    scene.call()
    scene.moment("CLOSED", "LISTEN", hidden=("client",))


@story(
    "teardown/firewall-closes-in",
    title=("A firewall rejects in the middle of a connection", "防火墙在连接中途拒绝"),
    text=(
        "Question and answer, then a new rule of the server's firewall takes effect: it rejects the client's next "
        "segment with RST at the number that the segment acknowledges (RFC 9293 §3.10.7.1). The client's connection "
        "is gone; the server's own stack never saw the segment and still believes in it.",
        "提问与回答之后，服务器防火墙的一条新规则生效：它以客户端下一个报文的确认号为序号用 RST 拒绝该报文（RFC 9293 "
        "§3.10.7.1）。客户端的连接消失；服务器自己的协议栈没有见到这个报文，仍认为连接存在。",
    ),
    wireshark="tcp.flags.reset == 1",
    frames=9,  # S SA A, P A P A, P R
    # The frames say that the server reset.
    expect=Outcome("three-way", "abort", notes=("abortive-close",), hidden=("server",)),
)
def firewall_closes_in(scene: Scene) -> None:
    """The rule comes behind the talk."""
    client, server = scene.open()
    scene.talk(client, server)
    scene.firewall("server", f"tcp dport {SERVER_PORT} reject with tcp reset")
    scene.send(client, b"And when a firewall closes in?\n")
    scene.moment("CLOSED", "ESTABLISHED", hidden=("server",))
