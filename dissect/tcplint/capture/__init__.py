"""Capture files: octets in, frames out. See `open_capture`."""

from .frame import Frame
from .open import DEFAULT_MAX_EXPAND, DEFAULT_MAX_INTERFACES, Capture, open_capture
from .status import CaptureError, MissingPackage, Note, Problem, UnknownFormat

__all__ = [
    "DEFAULT_MAX_EXPAND",
    "DEFAULT_MAX_INTERFACES",
    "Capture",
    "CaptureError",
    "Frame",
    "MissingPackage",
    "Note",
    "Problem",
    "UnknownFormat",
    "open_capture",
]
