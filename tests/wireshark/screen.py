"""A screen without a monitor (Xvfb), a Wireshark on it, and its picture as pixels."""

import contextlib
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.wireshark.homes import environment, need_program

WIDTH, HEIGHT = 1400, 900
PATIENCE = 180  # seconds for Wireshark to paint; 12 on an idle machine

Colour = tuple[int, int, int]


@contextlib.contextmanager
def running(*command: str, **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that ends with the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A fresh screen; gives its name, such as ":99"."""
    server = need_program("Xvfb")
    reading, writing = os.pipe()
    size = f"{WIDTH}x{HEIGHT}x24"
    command = (server, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp")
    with running(*command, pass_fds=(writing,)), os.fdopen(reading, encoding="ascii") as answer:
        os.close(writing)
        number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"


@dataclass(frozen=True, slots=True)
class Window:
    """Wireshark on a screen."""

    variables: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def do(self, *arguments: str) -> str:
        """Let xdotool do something; what it prints, which is nothing when it found no window."""
        done = subprocess.run(
            [need_program("xdotool"), *arguments], env=self.variables, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def picture(self, path: Path) -> "Counter[Colour]":
        """Save the screen as PPM; how often each colour stands on it."""
        command = [need_program("import"), "-window", "root", "-depth", "8", f"ppm:{path}"]
        subprocess.run(command, env=self.variables, check=True)
        magic, size, most, pixels = path.read_bytes().split(b"\n", 3)
        assert (magic, size.split(), most) == (b"P6", [b"%d" % WIDTH, b"%d" % HEIGHT], b"255")
        return Counter(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))

    def wait_for(self, what: str, happened: Callable[[], bool]) -> None:
        """Look once a second until it happened. Fails when Wireshark ends or too much time passes."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None, f"Wireshark ended before {what}"
            assert time.monotonic() < end, f"no {what} after {PATIENCE} seconds"
            time.sleep(1)


def keep(picture: Path, path: str) -> None:
    """Save a picture as a small PNG."""
    small = ["-strip", "-dither", "None", "-colors", "256"]
    subprocess.run([need_program("convert"), str(picture), *small, f"png8:{path}"], check=True)


@contextlib.contextmanager
def wireshark(home: Path, capture: Path, frame: int) -> Iterator[Window]:
    """Wireshark with the profile tcplint on a capture, one frame selected, its window as large as the screen."""
    program = need_program("wireshark")
    for tool in ("xdotool", "import", "convert"):
        need_program(tool)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    with screen() as display:
        variables = environment(home) | {
            "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": str(runtime), "NO_AT_BRIDGE": "1",
        }  # fmt: skip
        with running(program, "-C", "tcplint", "-g", str(frame), str(capture), env=variables) as process:
            window = Window(variables, process)
            search = ("search", "--onlyvisible", "--name", capture.name)
            window.wait_for("window", lambda: bool(window.do(*search)))
            number = window.do(*search).split()[0]
            window.do("windowmove", number, "0", "0", "windowsize", number, str(WIDTH), str(HEIGHT))
            yield window
