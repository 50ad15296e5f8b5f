"""Which stacks there are, what each needs, and how one is put at an end of the wire."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.lab.errors import LabError
from tools.lab.stacks.agent import AgentPlayer
from tools.lab.stacks.between import BetweenPlayer, passt, slirp
from tools.lab.stacks.end import LinuxPlayer, Player

BUILD = Path(__file__).resolve().parents[3] / "build" / "stacks"
_AGENTS = Path(__file__).resolve().parent / "agents"
BOTH = ("client", "server")


@dataclass(frozen=True)
class Stack:
    """`package` is the Debian package whose version is that of the stack; none for the kernel of this machine."""

    name: str
    title: str
    package: str
    packages: tuple[str, ...]  # all that have to be installed
    join: Callable[[str], Player]  # the side that it plays
    roles: tuple[str, ...] = BOTH

    def version(self) -> str | None:
        """None when it is not installed."""
        if not self.package:
            return Path("/proc/sys/kernel/osrelease").read_text("ascii").strip().partition("-")[0]
        asked = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", *self.packages]
        try:
            done = subprocess.run(asked, capture_output=True, text=True)
        except FileNotFoundError:
            return None
        if done.returncode or not all(one.startswith("installed") for one in done.stdout.splitlines()):
            return None
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package], capture_output=True, text=True)
        return shown.stdout.strip()


def _agent(name: str, compiler: list[str], environment: dict[str, str] | None = None) -> Callable[[str], Player]:
    def join(side: str) -> Player:
        return AgentPlayer(side, [str(_built(name, compiler, environment or {}))])

    return join


def _built(source: str, compiler: list[str], environment: dict[str, str]) -> Path:
    """The agent's program, built when its source is newer. Raises LabError with the compiler's words."""
    path, made = _AGENTS / source, BUILD / Path(source).stem
    if made.exists() and made.stat().st_mtime > path.stat().st_mtime:
        return made
    BUILD.mkdir(parents=True, exist_ok=True)
    if shutil.which(compiler[0]) is None:
        raise LabError(f"{compiler[0]} is missing")
    words = [word.format(source=path, made=made) for word in compiler]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(BUILD), **environment}
    done = subprocess.run(words, capture_output=True, text=True, env=env)
    if done.returncode:
        raise LabError(f"{' '.join(words)}: {done.stderr.strip()}")
    return made


_SLIRP = ["gcc", "-O1", "{source}", "-o", "{made}", "-lslirp"]
_GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(BUILD / "go-cache")}

STACKS: dict[str, Stack] = {
    stack.name: stack
    for stack in (
        Stack("linux", "Linux", "", (), LinuxPlayer),
        Stack(
            "lwip",
            "lwIP",
            "liblwip-dev",
            ("liblwip-dev", "gcc", "libc6-dev"),
            _agent("lwip.c", ["gcc", "-O1", "-I/usr/include/lwip", "{source}", "-o", "{made}", "-llwip", "-lpthread"]),
        ),
        Stack(
            "gvisor",
            "gVisor netstack",
            "golang-gvisor-gvisor-dev",
            ("golang-gvisor-gvisor-dev", "golang-go"),
            _agent("gvisor.go", ["go", "build", "-o", "{made}", "{source}"], _GO),
        ),
        Stack(
            "slirp",
            "libslirp",
            "libslirp-dev",
            ("libslirp-dev", "gcc", "libc6-dev"),
            lambda side: BetweenPlayer(side, slirp(_built("slirp.c", _SLIRP, {}))),
        ),
        Stack("passt", "passt", "passt", ("passt",), lambda side: BetweenPlayer(side, passt)),
    )
}
