"""What `tcplint wireshark` does, and how it tells of it: what was done to which file, then what is active.

Without `--folder` tshark names the folders. With it tshark is not needed; it is asked, where there is one, only whether
it loads what lies there.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tcplint.__about__ import __version__
from tcplint.cli import say
from tcplint.report.escape import escape
from tcplint.wireshark import ask, folder, parts
from tcplint.wireshark.errors import WiresharkError
from tcplint.wireshark.folder import Deed

DONE, NOT_SO, FAILED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Places:
    """Where things go, and the tshark that says so."""

    tshark: ask.Tshark | None
    plugins: Path
    profile: Path | None  # the folder of our profile; None when nobody says where profiles are


def install(
    plugins: str | None, configuration: str | None, *, deep: bool, with_profile: bool, force: bool
) -> int:  # fmt: skip
    """Install and say what was done; 0, or 2 when the plugin is not installed."""
    try:
        places = _places(plugins, configuration)
        work = [(places.plugins, parts.plugin(deep=deep))]
        if with_profile and places.profile is not None:
            unused = not (places.profile / parts.RECENT).exists()
            work.append((places.profile, parts.profile() | (parts.recent() if unused else {})))
        deeds = [deed for place, files in work for deed in _put(place, files, force)]
        _tell(deeds)
        if deeds[0].done == "kept":
            whose = "is yours: tcplint did not write it, or it was changed"
            say.say(f"{_shown(deeds[0].path)} {whose}; --force replaces it")
            return FAILED
        if any(deed.done == "kept" for deed in deeds):
            say.say("files of the profile that you changed were kept; --force replaces them")
        if with_profile and places.profile is None:
            _tell_of_zip()
        if places.tshark is not None and _tell_active(places, ask.loading(places.tshark)):
            click.echo("A Wireshark that is running sees it after Analyze ▸ Reload Lua Plugins, or a new start.")
            if len(work) > 1:
                click.echo("Columns, colours, buttons: wireshark -C tcplint CAPTURE, or choose the profile tcplint.")
    except WiresharkError as error:
        say.say(escape(str(error)))
        return FAILED
    return DONE


def uninstall(plugins: str | None, configuration: str | None, *, with_profile: bool) -> int:
    """Remove what install wrote and nobody changed; 0, or 2 when a folder cannot be written."""
    try:
        places = _places(plugins, configuration)
        deeds = _take(places.plugins, (parts.PLUGIN,))
        if with_profile and places.profile is not None:
            profile = _take(places.profile, (*parts.PROFILE_FILES, parts.RECENT))
            _remove_folder(places.profile)
            deeds += [deed for deed in profile if deed.done == "removed" or deed.path.name != parts.RECENT]
    except WiresharkError as error:
        say.say(escape(str(error)))
        return FAILED
    _tell([deed for deed in deeds if deed.done != "absent"])
    if all(deed.done == "absent" for deed in deeds):
        click.echo("nothing is installed")
    if any(deed.done == "kept" for deed in deeds):
        say.say("what was kept is yours: tcplint did not write it, or it was changed")
    return DONE


def status(plugins: str | None, configuration: str | None) -> int:
    """Say what is there; 0 when the plugin is installed, current and loaded, 1 when not, 2 when nobody can say."""
    try:
        places = _places(plugins, configuration)
        plain = parts.plugin()
        good, text = _plugin_state(places.plugins, plain)
        click.echo(f"plugin   {text}  {_shown(places.plugins / parts.PLUGIN)}")
        if places.profile is not None:
            click.echo(f"profile  {_profile_state(places.profile)}  {_shown(places.profile)}")
        if places.tshark is None:
            say.say("no tshark to ask whether it loads the plugin")
            return DONE if good else NOT_SO
        return DONE if _tell_active(places, ask.loading(places.tshark)) and good else NOT_SO
    except WiresharkError as error:
        say.say(escape(str(error)))
        return FAILED


def _places(plugins: str | None, configuration: str | None) -> Places:
    tshark = None
    try:
        tshark = ask.find()
    except WiresharkError:
        if plugins is None:
            raise
    if plugins is None and tshark is not None:
        named = ask.folders(tshark)
        plugins, configuration = named.plugins, configuration or named.configuration
    assert plugins is not None
    profile = Path(configuration).absolute() / "profiles" / parts.PROFILE if configuration else None
    return Places(tshark, Path(plugins).absolute(), profile)


def _put(place: Path, files: dict[str, bytes], force: bool) -> list[Deed]:
    try:
        return folder.put(place, files, __version__, force=force)
    except OSError as error:
        raise WiresharkError(f"{place} cannot be written: {error.strerror or error}") from error


def _take(place: Path, names: Sequence[str]) -> list[Deed]:
    try:
        return folder.take(place, names)
    except OSError as error:
        raise WiresharkError(f"{place} cannot be written: {error.strerror or error}") from error


def _remove_folder(profile: Path) -> None:
    """Remove the profile's folder, unless something is left in it, such as what Wireshark remembers of its windows."""
    try:
        left = sorted(path.name for path in profile.iterdir())
        if not left:
            profile.rmdir()
    except OSError:
        return
    if left:
        say.say(f"{_shown(profile)} is kept, for there is more in it: {escape(', '.join(left))}")


def _tell(deeds: Sequence[Deed]) -> None:
    for deed in deeds:
        kept = f"  (yours is now {escape(deed.backup.name)})" if deed.backup is not None else ""
        click.echo(f"{deed.done:<9}  {_shown(deed.path)}{kept}")


def _tell_of_zip() -> None:
    archive = parts.profile_zip()
    if archive is not None:
        click.echo("The profile is not installed: say where with --config FOLDER, or import it in Wireshark by")
        click.echo(f"Edit ▸ Configuration Profiles… ▸ Import ▸ from zip file: {_shown(archive)}")


def _tell_active(places: Places, loading: ask.Loading) -> bool:
    """Say whether tshark loads the plugin that lies in our folder, and if not, why."""
    assert places.tshark is not None
    ours = places.plugins / parts.PLUGIN
    name = f"tshark {places.tshark.version}"
    for error in loading.errors:
        say.say(f"{name}: {escape(error)}")
    loaded = loading.loads and (loading.path is None or _same(Path(loading.path), ours))
    if loaded:
        click.echo(f"active     {name} loads tcplint {escape(loading.version or '')}".rstrip())
    elif loading.loads:
        say.say(f"{name} loads another file: {escape(loading.path or '')}")
    elif _root() and places.tshark.skips_root:
        say.say(f"not active: {name}, as all since 4.4, loads no personal plugins for root; run Wireshark as yourself")
    elif ours.exists():
        say.say(f"not active: {name} does not load {_shown(ours)}")
    if _root() and os.environ.get("SUDO_USER"):
        say.say(f"this is root's Wireshark; for {escape(os.environ['SUDO_USER'])} run the command without sudo")
    return loaded


def _plugin_state(place: Path, plain: dict[str, bytes]) -> tuple[bool, str]:
    """Whether the plugin is current, and that in words."""
    found = folder.state(place, parts.PLUGIN, plain[parts.PLUGIN])
    if found == "current":
        return True, f"{__version__}, current"
    try:
        deep = parts.plugin(deep=True)
    except WiresharkError:
        deep = plain
    if folder.state(place, parts.PLUGIN, deep[parts.PLUGIN]) == "current":
        return True, f"{__version__}, current, deep mode"
    return False, _words(found, place)


def _profile_state(place: Path) -> str:
    files = parts.profile()
    found = {folder.state(place, name, wanted) for name, wanted in files.items()}
    if found == {"current"}:
        return f"{__version__}, current"
    worst = next(state for state in ("foreign", "older", "absent") if state in found)
    return _words(worst if found != {"absent", "current"} else "older", place)


def _words(found: str, place: Path) -> str:
    if found == "absent":
        return "not installed"
    if found == "older":
        return f"{escape(folder.read_manifest(place).version or '?')}, out of date: tcplint wireshark install"
    return "changed, or not installed by tcplint"


def _same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return False


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _shown(path: Path) -> str:
    return escape(str(path))
