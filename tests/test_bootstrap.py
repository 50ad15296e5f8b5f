"""The first step of `make` on a bare machine: what is missing is installed by root, and named to anybody else."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "tools" / "bootstrap.sh"

# A python3 of which the module venv is missing until a file beside it says otherwise.
PYTHON = """#!/bin/sh
here=$(dirname "$0")
case "$*" in
    *ensurepip*) [ -f "$here/venv-is-here" ] ;;
    *version_info*) exit 0 ;;
    "-m venv --clear "*) mkdir -p "$4" ;;
    *) exit 9 ;;
esac
"""
OLD_PYTHON = "#!/bin/sh\nexit 1\n"
APT_GET = """#!/bin/sh
here=$(dirname "$0")
echo "$DEBIAN_FRONTEND $*" >> "$here/log"
case "$*" in
    *install*python3-venv*) touch "$here/venv-is-here" ;;
    *install*tshark | *install*xvfb | *install*xdotool)
        for name in "$@"; do :; done
        printf '#!/bin/sh\\n' > "$here/$name"
        chmod +x "$here/$name"
        ;;
esac
"""


class Machine:
    """A search path of made-up programs."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.has("dirname", '#!/bin/sh\necho "${1%/*}"\n')
        for name in ("mkdir", "touch", "chmod", "sh"):
            directory.joinpath(name).symlink_to(f"/bin/{name}")

    def has(self, name: str, text: str) -> None:
        program = self.directory / name
        program.write_text(text)
        program.chmod(0o755)

    def bootstrap(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": str(self.directory)}
        command = ["/bin/sh", str(SCRIPT), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    @property
    def installed(self) -> list[str]:
        log = self.directory / "log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    directory = tmp_path / "bin"
    directory.mkdir()
    machine = Machine(directory)
    machine.has("python3", PYTHON)
    machine.has("apt-get", APT_GET)
    machine.has("id", "#!/bin/sh\necho 0\n")
    return machine


def test_root_without_venv_installs_it_without_questions_and_goes_on(machine: Machine, tmp_path: Path) -> None:
    done = machine.bootstrap("venv", str(tmp_path / "env"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "env").is_dir()
    assert machine.installed == [
        "noninteractive update -qq",
        "noninteractive install -y -qq --no-install-recommends python3-venv",
    ]


def test_user_without_venv_is_told_what_to_install_and_nothing_is_done(machine: Machine, tmp_path: Path) -> None:
    machine.has("id", "#!/bin/sh\necho 1000\n")
    done = machine.bootstrap("venv", str(tmp_path / "env"))
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert machine.installed == []
    assert not (tmp_path / "env").exists()


def test_old_python3_is_passed_over_for_a_newer_one(machine: Machine, tmp_path: Path) -> None:
    machine.has("python3", OLD_PYTHON)
    machine.has("python3.12", PYTHON.replace("venv-is-here", "python3.12"))
    assert machine.bootstrap("venv", str(tmp_path / "env")).returncode == 0
    assert (tmp_path / "env").is_dir()
    assert machine.installed == []


def test_old_python3_alone_fails_clearly(machine: Machine, tmp_path: Path) -> None:
    machine.has("python3", OLD_PYTHON)
    done = machine.bootstrap("venv", str(tmp_path / "env"))
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_machine_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    (machine.directory / "apt-get").unlink()
    done = machine.bootstrap("tshark")
    assert done.returncode == 1
    assert "tshark is missing and there is no apt-get" in done.stderr


def test_tshark_is_installed_once(machine: Machine) -> None:
    assert machine.bootstrap("tshark").returncode == 0
    assert machine.bootstrap("tshark").returncode == 0
    assert [line.split()[-1] for line in machine.installed] == ["-qq", "tshark"]


def test_only_what_the_gui_test_lacks_is_installed(machine: Machine) -> None:
    for program in ("wireshark", "import"):
        machine.has(program, "#!/bin/sh\n")
    assert machine.bootstrap("gui").returncode == 0
    assert [line.split()[-1] for line in machine.installed] == ["-qq", "xvfb", "-qq", "xdotool"]
