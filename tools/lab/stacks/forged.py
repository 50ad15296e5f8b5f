"""Stories in which the wire adds or alters a segment in the name of an end."""

import contextlib

from tools.lab.errors import SpoiltError
from tools.lab.frame import remade
from tools.lab.match import from_client, from_server, is_data, is_syn, is_synack
from tools.lab.stacks.bout import CLIENT_PORT, SERVER_PORT, Bout
from tools.lab.stacks.telling import story


@story
def data_after_full_close(bout: Bout) -> None:
    """Data of nobody, in the name of the server, when all is over."""
    client, server = bout.talked()
    last = bout.wire.last(is_data & from_server)
    bout.ended(client, server)
    bout.wire.inject("client", remade(last, flags="P.", seq=last.next_seq + 1))
    bout.idle()


@story
def reset_in_the_window(bout: Bout) -> None:
    """A forged RST in the window, not at its left edge (RFC 5961 §3.2)."""
    client, server = bout.talked()
    last = bout.wire.last(from_client)
    bout.wire.inject("server", remade(last, flags="R", seq=last.next_seq + 100, options=b"", payload=b""))
    bout.idle()
    bout.ended(client, server)


@story
def reset_outside_the_window(bout: Bout) -> None:
    """A forged RST far below the window."""
    client, server = bout.talked()
    last = bout.wire.last(from_client)
    bout.wire.inject("server", remade(last, flags="R", seq=last.seq - 100_000_000, options=b"", payload=b""))
    bout.idle()
    bout.ended(client, server)


@story
def syn_on_a_living_connection(bout: Bout) -> None:
    """A forged SYN in the window (RFC 5961 §4.2)."""
    client, server = bout.talked()
    last = bout.wire.last(from_client)
    syn = bout.wire.last(is_syn)
    bout.wire.inject("server", remade(syn, seq=last.next_seq + 50))
    bout.idle()
    bout.ended(client, server)


@story
def synack_on_a_living_connection(bout: Bout) -> None:
    """A forged SYN,ACK in the window."""
    client, server = bout.talked()
    synack = bout.wire.last(is_synack)
    bout.wire.inject("client", remade(synack, seq=synack.seq + 700))
    bout.idle()
    bout.ended(client, server)


@story
def synack_with_a_wrong_number(bout: Bout) -> None:
    """The wire changes what the first SYN,ACK acknowledges."""
    bout.wire.rewrite(is_synack, lambda seen: remade(seen, ack=seen.ack + 1000))
    bout.ended(*bout.talked(limit=8.0))


@story
def ack_to_a_listener(bout: Bout) -> None:
    """A forged ACK where nobody has a connection."""
    bout.wire.drop(is_syn)
    bout.server.listen(SERVER_PORT, 8)
    bout.client.connect(CLIENT_PORT, SERVER_PORT)
    bout.run(0.1)
    syn = bout.wire.last(is_syn)
    bout.wire.inject("server", remade(syn, flags=".", ack=12345, options=b""))
    bout.idle()


@story
def keep_alive_probe(bout: Bout) -> None:
    """A forged probe one below what was sent, to both ends."""
    client, server = bout.talked()
    last = bout.wire.last(is_data & from_client)
    bout.wire.inject("server", remade(last, flags=".", seq=last.next_seq - 1, payload=b""))
    bout.idle()
    with contextlib.suppress(SpoiltError):
        answer = bout.wire.last(is_data & from_server)
        bout.wire.inject("client", remade(answer, flags=".", seq=answer.next_seq - 1, payload=b""))
    bout.idle()
    bout.ended(client, server)
