"""Other people's TCP stacks on the wire of the laboratory, against Linux, in both roles.

    make stacks                              install what Debian has of them, play everything, write docs/*/stacks.md
    python -m tools.lab.stacks lwip gvisor   these two alone, nothing written but build/stacks

A stack that speaks raw Ethernet on a file descriptor needs no TAP: it gets one end of a socketpair on which a datagram
is a frame, and the other end takes the place of that side's TAP. An *agent* is the program around the stack; it is told
what to do by lines (`agent`). A stack without an interface of its own stands between a Linux program and the wire
(`between`). The other side is always Linux. The stories (`stories`) are told once and played by every stack as the
client and as the server; what a stack cannot do is left out by name.

Nothing of this is needed by `make test`.
"""
