"""What an engine raises that cannot run at all."""


class EngineUnusableError(Exception):
    """The engine cannot run, whatever the capture: a program it needs is missing, too old, or does not start."""
