"""The other engine: tshark takes the frames apart, tcplint judges what it finds. See `TsharkEngine`.

It knows every encapsulation that Wireshark knows and every file format that Wireshark reads, and it is a second
opinion on the engine `dpkt`. Why it is built as it is: docs/decisions/0010-engine-tshark.md.
"""

from .engine import TsharkEngine

__all__ = ["TsharkEngine"]
