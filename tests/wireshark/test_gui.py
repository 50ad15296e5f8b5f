"""Wireshark itself, in its own window, with plugin and profile installed by the command.

What a pane says is compared elsewhere, through tshark; here the question is whether a window comes up, is coloured by
our rules, and carries our expert info. `make gui` installs what this needs; with SCREENSHOT=FILE the picture is kept.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.wireshark.homes import environment, need_plugin, need_program, need_tshark
from tests.wireshark.screen import WIDTH, keep, wireshark
from tests.wireshark.test_install import BROKEN
from tests.wireshark.test_profile import colours

EXPERT_ERROR = (255, 92, 92)  # behind an item of the tree with an expert info of severity Error, in every Wireshark


def test_window_shows_our_colours_and_the_expert_info_of_the_broken_frame(tmp_path: Path) -> None:
    need_plugin()
    need_tshark()
    for program in ("wireshark", "Xvfb", "xdotool", "import", "convert"):
        need_program(program)
    home = tmp_path / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "tcplint", "wireshark", "install"], env=environment(home), check=True)
    ours = {name: tuple(part // 257 for part in back) for name, back, _ in colours()}
    with wireshark(home, BROKEN, frame=8) as window:
        shot = tmp_path / "wireshark.ppm"
        window.wait_for("handshake in our colour", lambda: window.picture(shot)[ours["tcplint handshake"]] > WIDTH)
        window.do("mousemove", "300", "700", "click", "1", "key", "End", "key", "shift+Right")
        window.wait_for("expert info", lambda: window.picture(shot)[EXPERT_ERROR] > WIDTH // 4)
        time.sleep(2)
        seen = window.picture(shot)
        window.do("mousemove", "300", "420", "click", "1", "key", "Home")  # selected rows have no colour of their own
        unselected = tmp_path / "unselected.ppm"
        red = ours["tcplint violation"]
        window.wait_for("violation in our colour", lambda: window.picture(unselected)[red] > WIDTH)
    assert seen[ours["tcplint close"]] > WIDTH
    assert seen[ours["tcplint handshake"]] > WIDTH
    if kept := os.environ.get("SCREENSHOT"):
        keep(shot, kept)
