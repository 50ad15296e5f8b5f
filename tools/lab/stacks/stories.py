"""What is played with every stack: each story is a function of a Bout, told once for both roles.

The deeds are those of tools/lab/stories in short: opening, closing and their troubles; `forged` has those in which the
wire adds or alters a segment. A story checks nothing: what happened stands in the capture.
"""

from tools.lab.match import from_client, from_server, is_bare_ack, is_data, is_fin, is_syn, is_synack
from tools.lab.stacks import forged
from tools.lab.stacks.bout import CLIENT_PORT, SERVER_PORT, Bout
from tools.lab.stacks.telling import STORIES, story

__all__ = ["STORIES", "forged"]


@story
def close_by_client(bout: Bout) -> None:
    """The client closes, then the server."""
    client, server = bout.talked()
    client.close()
    bout.idle()
    server.close()


@story
def close_by_server(bout: Bout) -> None:
    """The server closes, then the client."""
    client, server = bout.talked()
    server.close()
    bout.idle()
    client.close()


@story
def half_close_with_data(bout: Bout) -> None:
    """The client sends no more; the server sends three times, then closes."""
    client, server = bout.opened()
    client.shut()
    bout.idle()
    for _ in range(3):
        server.send(1000)
        bout.idle()
        client.read()
    server.close()
    bout.idle()
    client.close()


@story
def simultaneous_close(bout: Bout) -> None:
    """Both FINs cross."""
    client, server = bout.talked()
    bout.wire.hold(is_fin, times=2)
    client.close()
    server.close()
    bout.idle()
    bout.released()


@story
def simultaneous_open(bout: Bout) -> None:
    """Both SYNs cross."""
    bout.wire.hold(is_syn, times=2)
    client = bout.client.connect(CLIENT_PORT, SERVER_PORT)
    server = bout.server.connect(SERVER_PORT, CLIENT_PORT)
    bout.idle()
    bout.released()
    client.send(20)
    bout.run(1.3)
    client.close()
    bout.idle()
    server.close()


@story
def abort_by_client(bout: Bout) -> None:
    """RST from the client."""
    client, _ = bout.talked()
    client.abort()


@story
def abort_by_server(bout: Bout) -> None:
    """RST from the server."""
    _, server = bout.talked()
    server.abort()


@story
def abort_by_both(bout: Bout) -> None:
    """Both reset."""
    client, server = bout.talked()
    client.abort()
    server.abort()


@story
def abort_after_close(bout: Bout) -> None:
    """The server sends its FIN, the client answers with data and RST."""
    client, server = bout.talked()
    server.shut()
    bout.idle()
    client.send(10)
    client.abort()


@story
def refused(bout: Bout) -> None:
    """Nobody listens."""
    bout.client.connect(CLIENT_PORT, SERVER_PORT)
    bout.idle()


@story
def unanswered(bout: Bout) -> None:
    """No SYN arrives."""
    bout.wire.drop(from_client, times=None)
    bout.client.connect(CLIENT_PORT, SERVER_PORT)
    bout.run(3.5)


@story
def syn_lost(bout: Bout) -> None:
    """The first SYN is lost."""
    bout.wire.drop(is_syn)
    bout.ended(*bout.talked(limit=8.0))


@story
def synack_lost(bout: Bout) -> None:
    """The first SYN,ACK is lost."""
    bout.wire.drop(is_synack)
    bout.ended(*bout.talked(limit=8.0))


@story
def final_ack_lost(bout: Bout) -> None:
    """The third segment of the handshake is lost."""
    bout.wire.drop(is_bare_ack & from_client)
    bout.server.listen(SERVER_PORT, 8)
    client = bout.client.connect(CLIENT_PORT, SERVER_PORT)
    bout.run(4.0)
    client.send(20)
    bout.run(0.5)
    client.close()
    bout.idle()


@story
def fin_lost(bout: Bout) -> None:
    """The first FIN is lost."""
    client, server = bout.talked()
    bout.wire.drop(is_fin)
    client.close()
    bout.run(3.2)
    server.close()


@story
def last_ack_lost(bout: Bout) -> None:
    """The ACK of the second FIN is lost."""
    client, server = bout.talked()
    client.close()
    bout.idle()
    bout.wire.drop(is_bare_ack & from_client)
    server.close()
    bout.run(3.2)


@story
def fin_doubled(bout: Bout) -> None:
    """Both FINs arrive twice."""
    client, server = bout.talked()
    bout.wire.twice(is_fin, times=2)
    client.close()
    bout.idle()
    server.close()


@story
def syn_doubled(bout: Bout) -> None:
    """The SYN arrives twice."""
    bout.wire.twice(is_syn)
    bout.ended(*bout.talked())


@story
def synack_doubled(bout: Bout) -> None:
    """The SYN,ACK arrives twice."""
    bout.wire.twice(is_synack)
    bout.ended(*bout.talked())


@story
def fin_before_its_data(bout: Bout) -> None:
    """The last data is overtaken by the FIN."""
    client, server = bout.talked()
    bout.wire.hold(is_data & from_client)
    client.send(300)
    bout.run(0.01)
    client.close()
    bout.run(0.05)
    bout.released()
    server.close()


@story
def data_after_close(bout: Bout) -> None:
    """The server sends to a client that has closed both directions."""
    client, server = bout.talked()
    client.close()
    bout.idle()
    server.send(100)
    bout.idle()
    server.send(100)
    bout.idle()
    server.close()


@story
def close_with_unread_data(bout: Bout) -> None:
    """The server closes with data that it has not read."""
    client, server = bout.opened()
    client.send(50)
    bout.idle()
    server.close()
    bout.idle()
    client.close()


@story
def closed_in_the_handshake(bout: Bout) -> None:
    """The client gives up before the SYN,ACK comes."""
    bout.server.listen(SERVER_PORT, 8)
    bout.wire.hold(is_synack)
    client = bout.client.connect(CLIENT_PORT, SERVER_PORT)
    bout.run(0.1)
    client.close()
    bout.run(0.1)
    bout.released()


@story
def same_ports_again(bout: Bout) -> None:
    """Three connections on one pair of ports; the server closes first."""
    for _ in range(3):
        client, server = bout.talked()
        server.close()
        bout.idle()
        client.close()
        bout.idle()


@story
def same_ports_again_closed_by_client(bout: Bout) -> None:
    """Two connections on one pair of ports; the client closes first."""
    client, server = bout.talked()
    client.close()
    bout.idle()
    server.close()
    bout.idle()
    bout.ended(*bout.talked(limit=4.0))


@story
def peer_forgot_the_connection(bout: Bout) -> None:
    """Linux forgets the connection without a frame."""
    client, server = bout.talked()
    if bout.linux == "client":
        bout.client.vanish(client)
        bout.idle()
        bout.ended(*bout.talked(limit=4.0))
    else:
        bout.server.vanish(server)
        client.send(30)
        bout.idle()
        client.close()


@story
def many_octets_on_a_lossy_wire(bout: Bout) -> None:
    """30 kB each way; three segments of each are lost."""
    client, server = bout.opened()
    for sender, reader, whose in ((client, server, from_client), (server, client, from_server)):
        for skip in (2, 3, 5):
            bout.wire.drop(is_data & whose, skip=skip)
        got = 0
        for _ in range(6):
            sender.send(5000)
            bout.run(0.25)
            got += max(0, reader.read())
    bout.ended(client, server)


@story
def three_at_once_and_a_backlog_of_one(bout: Bout) -> None:
    """Four clients call, one place is free."""
    bout.server.listen(SERVER_PORT, 1)
    clients = [bout.client.connect(CLIENT_PORT + number, SERVER_PORT) for number in range(4)]
    bout.run(1.5)
    for client in clients:
        client.send(10)
    bout.run(0.5)
    servers = [bout.server.accept() for _ in clients]
    bout.run(0.3)
    for talker in (*clients, *servers):
        if talker is not None:
            talker.close()
            bout.run(0.05)
    bout.run(1.0)
