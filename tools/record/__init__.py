"""Records connections of the machine's own TCP stack, with labels that the kernel gives.

    python -m tools.record                        every story, into corpus/
    python -m tools.record teardown/abort         one of them
    python -m tools.record --into DIRECTORY       elsewhere

**The wire.** Two network namespaces are joined by a pair of virtual Ethernet cards; tcpdump listens at the client's
card. Addresses are those of the documentation range, neighbours are entered by hand and IPv6 is off, so that no frame
is on the wire but those of the story. Offloads are off: every frame is at most one MTU and carries its true checksum.

**The label.** A story says what its two programs do (connect, send, close) and hence how the connection opens and ends.
What state an end is in says the kernel, at moments when the wire is quiet: `/proc/net/tcp`, which also knows TIME-WAIT,
and TCP_INFO of the socket while it has one; the two must agree. Nothing in a label comes from tcplint.

Initial sequence numbers, time stamps and times differ at every run; the recordings are kept, not made anew.
Needs root, Linux, `ip` and tcpdump.
"""
