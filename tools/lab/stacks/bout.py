"""One story being played: two players, the wire, and the few things that every story does."""

import contextlib
import time

from tools.lab.errors import SpoiltError
from tools.lab.stacks.end import NOTHING, Player, Talker
from tools.lab.wire import Wire

CLIENT_PORT, SERVER_PORT = 51000, 4000
QUIET = 0.06  # an acknowledgment is delayed by 0.04 s; some stacks take longer, then it comes a little later


class Bout:
    """`linux` is the side that Linux plays."""

    def __init__(self, client: Player, server: Player, wire: Wire, linux: str) -> None:
        self.client, self.server, self.wire, self.linux = client, server, wire, linux
        self._listening = False

    def run(self, seconds: float) -> None:
        """Let the wire run."""
        self.wire.run(seconds)

    def idle(self) -> None:
        """Let the wire run until it is quiet."""
        self.wire.idle(QUIET, limit=3.0)

    def released(self) -> None:
        """What is held goes on."""
        with contextlib.suppress(SpoiltError):  # the stack did not send what was to be held
            self.wire.release()
        self.idle()

    def opened(self, limit: float = 3.0) -> tuple[Talker, Talker]:
        """An established connection. Raises SpoiltError when there is none within `limit` seconds."""
        if not self._listening:
            self.server.listen(SERVER_PORT, 8)
            self._listening = True
        client = self.client.connect(CLIENT_PORT, SERVER_PORT)
        begun, spoke = time.monotonic(), self.linux == "client"
        end = begun + limit
        while (server := self.server.accept()) is None:
            if time.monotonic() > end:
                raise SpoiltError("nothing was accepted")
            if not spoke and time.monotonic() > begun + 0.3 and client.ready():
                client.send(1)  # some let their first data be the third segment of the handshake
                spoke = True
            self.run(0.02)
        while not client.ready():
            if time.monotonic() > end:
                raise SpoiltError("the client is not connected")
            self.run(0.02)
        self.idle()
        return client, server

    def talked(self, limit: float = 3.0) -> tuple[Talker, Talker]:
        """An established connection with a question and an answer, nothing left unread."""
        client, server = self.opened(limit)
        for sender, reader in ((client, server), (server, client)):
            sender.send(40)
            end = time.monotonic() + limit
            while reader.read() == NOTHING and time.monotonic() < end:
                self.run(0.02)
            self.idle()
        return client, server

    def ended(self, client: Talker, server: Talker) -> None:
        """Closed by the client, then by the server."""
        client.close()
        self.idle()
        server.close()
        self.idle()
