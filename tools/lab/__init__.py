"""A laboratory: real TCP stacks talk over a wire that we control, and the kernel's own socket states are the labels.

    python -m tools.lab                           record every story into corpus/
    python -m tools.lab teardown/abort            one of them
    python -m tools.lab --into DIRECTORY          elsewhere
    python -m tools.lab --verify                  record again, write nothing, compare with what is committed
    python -m tools.lab --list                    what stories there are

**The wire.** Two network namespaces have a TAP device each. One thread of one process owns both devices and the sockets
of both programs. A frame moves only while the story lets the wire run, so "hold the FIN", "this SYN is lost" and "both
FINs cross" are plain statements without a race. Frames are captured at three points: at the client's device, at the
server's, and in the middle, where a frame is seen as it enters the wire, before anything is done to it.

**The label.** A story says what its programs do, what the wire does to which frame, and which outcome follows from that
by RFC 9293. What state an end is in says the kernel: `/proc/net/tcp`, which also knows TIME-WAIT, and TCP_INFO of the
socket while there is one; the two must agree. Where tracefs is at hand, the kernel's tracepoint adds the states that
pass too quickly to be asked for. Nothing in a label comes from tcplint.

A recording that is not what its story tells (another number of frames, another state) is thrown away and made again,
three times at most. Initial sequence numbers, time stamps and times differ at every run, labels do not. Recordings are
kept, not made anew. Needs root, Linux, `ip` and /dev/net/tun; some stories need `nft`.
"""
