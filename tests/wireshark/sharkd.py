"""sharkd with the plugin: the engine of Wireshark without its windows, which asks for frames in any order."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

PLUGINS = Path(".local/lib/wireshark/plugins")  # of a user on Linux; sharkd takes no -X


class Sharkd:
    """One process. `home`: a folder of its own, into which the plugin is copied."""

    def __init__(self, plugin: Path, home: Path) -> None:
        folder = home / PLUGINS
        folder.mkdir(parents=True)
        shutil.copy(plugin, folder / "tcplint.lua")
        environment = os.environ | {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
        self.process = subprocess.Popen(
            ["sharkd", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, encoding="utf-8",
        )  # fmt: skip
        self.asked = 0
        self.loaded = 0

    def ask(self, method: str, **parameters: Any) -> Any:
        """The result. Fails when sharkd refuses."""
        self.asked += 1
        request = {"jsonrpc": "2.0", "id": self.asked, "method": method, "params": parameters}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer["result"]

    def load(self, capture: Path) -> None:
        """Open a capture; one that was open is closed."""
        self.loaded += 1
        assert self.ask("load", file=str(capture)) == {"status": "OK"}

    def passing(self, display_filter: str) -> list[int]:
        """The numbers of the frames that a filter passes.

        sharkd keeps them under the text of the filter, from one capture to the next: the text changes with the capture.
        """
        return [row["num"] for row in self.ask("frames", filter=display_filter + " " * self.loaded)]

    def tree(self, frame: int) -> list[str]:
        """The lines of our item in the tree of a frame."""
        lines: list[str] = []

        def walk(nodes: list[dict[str, Any]], ours: bool) -> None:
            for node in nodes:
                mine = ours or node.get("fn") == "tcplint" or node.get("f", "").startswith("tcplint")
                if mine:
                    lines.append(node["l"])
                walk(node.get("n", []), mine)

        walk(self.ask("frame", frame=frame, proto=True)["tree"], False)
        return lines

    def __enter__(self) -> "Sharkd":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
