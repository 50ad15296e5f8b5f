"""What a whole batch has in common: the version of IP, offloads, and the kernel's settings at each end."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tools.lab.end import End
from tools.lab.errors import LabError

# Times that let a batch end soon; everything else is drawn. net/ipv4/… holds for IPv6 too.
_ALWAYS: dict[str, list[str]] = {
    "tcp_syn_retries": ["1", "2"],
    "tcp_synack_retries": ["1", "2"],
    "tcp_orphan_retries": ["2", "3"],
    "tcp_retries2": ["3", "5"],
    "tcp_fin_timeout": ["1", "2"],
    # A listener that gives SYN cookies takes a segment of an old connection for the end of a handshake when both ends
    # have sent nearly the same number of octets: a second FIN behind the first, which is a fault indeed. See docs.
    "tcp_syncookies": ["0"],
}
_SOMETIMES: dict[str, list[str]] = {
    "tcp_abort_on_overflow": ["1"],
    "tcp_autocorking": ["0"],
    "tcp_congestion_control": ["reno", "cubic", "bbr"],
    "tcp_dsack": ["0"],
    "tcp_ecn": ["0", "1", "1"],
    "tcp_fastopen": ["0", "3", "3", "519"],  # 519: data in every SYN is taken, cookie or not
    "tcp_invalid_ratelimit": ["0"],
    "tcp_mtu_probing": ["1", "2"],
    "tcp_rfc1337": ["1"],
    "tcp_rto_min_us": ["50000", "50000", "120000"],
    "tcp_sack": ["0"],
    "tcp_syn_linear_timeouts": ["2"],
    "tcp_timestamps": ["0", "2"],
    "tcp_tw_reuse": ["0", "1", "1"],
    "tcp_tw_reuse_delay": ["20", "1000"],
    "tcp_window_scaling": ["0"],
}


@dataclass(frozen=True)
class Climate:
    """`settings` are (side, name, value)."""

    version: int
    offload: bool
    settings: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        told = [f"{side} {name}={value}" for side, name, value in self.settings]
        return f"IPv{self.version}{', offload' if self.offload else ''}; {', '.join(told)}"

    def enter(self, client: End, server: End) -> list[str]:
        """Set everything; what this kernel does not know or refuses is given back."""
        refused = []
        ends = {"client": client, "server": server}
        for side, name, value in self.settings:
            try:
                ends[side].namespace.sysctl(f"net/ipv4/{name}", value, optional=True)
            except LabError as error:
                refused.append(f"{side}: {error}")
        return refused


def draw_climate(rnd: random.Random) -> Climate:
    """One at random: each end is set by itself, most settings are as the kernel has them."""
    settings = tuple(setting for side in ("client", "server") for setting in _draw(side, rnd))
    return Climate(rnd.choice([4, 4, 6]), rnd.random() < 0.25, settings)


def _draw(side: str, rnd: random.Random) -> Iterator[tuple[str, str, str]]:
    for name, values in _ALWAYS.items():
        yield side, name, rnd.choice(values)
    for name, values in _SOMETIMES.items():
        if rnd.random() < (0.9 if name == "tcp_fastopen" else 0.25):
            yield side, name, rnd.choice(values)
