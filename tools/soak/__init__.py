"""Real Linux endpoints through many connections over a bad wire: tcplint must accuse nobody.

    python -m tools.soak                                  300 connections, 3000 damaged copies
    python -m tools.soak --connections 20000 --copies 200000
    python -m tools.soak --seed 7 --batch 3               batch 3 of seed 7 again, alone

**Why.** Both ends are the same sound stack, so an error-level finding is wrong whoever it names: either the capture was
misread, or a guard of a rule is too weak. Hand-written stories try what somebody thought of; here chance does the
thinking, on a wire that loses, doubles, delays and overtakes, with hundreds of connections on it at once.

**A batch** is a laboratory of its own (tools/lab): two namespaces, two TAPs, one thread. Its *climate* is drawn first:
IPv4 or IPv6, the kernel's settings at each end, offloads. Then come pairs of endpoints, each with one to five
connections one after another on the same two ports: `plan` says what the two programs do and what `weather` the frames
meet. All pairs of a batch share one wire, and the wire is captured at three points: at each end's device, and in the
middle, behind one half of the loss and the delay and before the other.

**The judge** reads each of the three captures whole, with all connections in it, and then damaged copies of what single
pairs have left: the damage is that of tests/promise. Whatever is an error is written to `build/soak/`: the capture, the
fewest frames of it that still give the error, and the words seed, batch, climate, plan and damage to make it again.

Deeds are drawn from the seed, so that a batch can be played again: the same connections, programs and settings, and
the same dice for each frame. Times and initial numbers are the kernel's own, so that no two runs have equal frames.
"""
