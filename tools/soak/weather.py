"""What happens to a frame on its way: the dice are thrown for each frame, by the seed of its pair of ports."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weather:
    """Shares of frames and seconds, for each of the two halves of the way."""

    loss: float = 0.0
    doubled: float = 0.0
    delay: float = 0.0  # of every frame
    late: float = 0.0  # share of frames that others overtake
    lateness: float = 0.0  # at most so much more delay for these
    cut_after: int = -1  # this many frames pass, then nothing any more; -1: never
    cut_side: str = "both"  # whose frames are cut off: client, server, both

    def __str__(self) -> str:
        parts = [f"loss {self.loss:.2f}", f"doubled {self.doubled:.2f}", f"delay {self.delay * 1000:.1f} ms"]
        parts.append(f"late {self.late:.2f} by {self.lateness * 1000:.0f} ms")
        if self.cut_after >= 0:
            parts.append(f"cut after {self.cut_after} frames ({self.cut_side})")
        return ", ".join(parts)


CALM = Weather()


def draw_weather(rnd: random.Random) -> Weather:
    """Calm for a third of the pairs, else one trouble or all of them, and now and then a wire that breaks."""
    delay = rnd.choice([0.0, 0.0, 0.0005, 0.002, 0.01, 0.03])
    kind = rnd.choice(["calm", "calm", "calm", "loss", "loss", "doubled", "late", "storm", "storm", "cut"])
    if kind == "loss":
        return Weather(loss=rnd.choice([0.01, 0.03, 0.1, 0.2]), delay=delay)
    if kind == "doubled":
        return Weather(doubled=rnd.choice([0.03, 0.1, 0.3]), delay=delay, late=0.1, lateness=rnd.choice([0.0, 0.05]))
    if kind == "late":
        return Weather(delay=delay, late=rnd.choice([0.05, 0.2, 0.5]), lateness=rnd.choice([0.002, 0.02, 0.3, 1.2]))
    if kind == "storm":
        return Weather(
            loss=rnd.choice([0.01, 0.05, 0.15]),
            doubled=rnd.choice([0.01, 0.1, 0.2]),
            delay=delay,
            late=rnd.choice([0.1, 0.3]),
            lateness=rnd.choice([0.01, 0.1, 0.4]),
        )
    if kind == "cut":
        return Weather(delay=delay, cut_after=rnd.randint(0, 14), cut_side=rnd.choice(["both", "client", "server"]))
    return Weather(delay=delay)


class Sky:
    """The weather of one pair of ports, frame after frame.

    Each side has dice of its own: the order in which frames of the two sides reach the wire is the kernel's.
    """

    def __init__(self, weather: Weather, seed: str) -> None:
        self.weather = weather
        self._dice = {side: random.Random(f"{seed} {side}") for side in ("client", "server")}
        self._passed = 0

    def copies(self, side: str, first_half: bool) -> list[float]:
        """The delay in seconds of every copy of a frame of `side` on this half of the way; empty: it is lost."""
        weather = self.weather
        if weather is CALM:
            return [0.0]
        if first_half and weather.cut_after >= 0:
            self._passed += 1
            if self._passed > weather.cut_after and weather.cut_side in ("both", side):
                return []
        dice = self._dice[side]
        lost, doubled, late, how_late, again = (dice.random() for _ in range(5))
        if lost < weather.loss:
            return []
        delay = weather.delay + (how_late * weather.lateness if late < weather.late else 0.0)
        return [delay, delay + again * (weather.lateness or 0.001)] if doubled < weather.doubled else [delay]
