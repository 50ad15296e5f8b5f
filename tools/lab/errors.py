"""What can go wrong in the laboratory."""


class LabError(Exception):
    """The laboratory cannot be built or used on this machine; the text says which step failed and why."""


class MissingToolError(LabError):
    """A story needs a program or a feature of the kernel that is not here."""


class SpoiltError(Exception):
    """The recording is not what the story tells; another try may succeed."""
