"""It catches the guilty: one fault at a time is put into conforming captures, and tcplint must find it.

    python -m tools.faults                   every fault in 100 captures and more; the two tables
    python -m tools.faults TD004 RS005       these rules alone
    python -m tools.faults --docs            write the tables of docs/*/faults.md, too

**Why.** That nobody innocent is accused is easily promised by a checker that never accuses. So the other half is
counted as well: for each error and each warning of the catalogue somebody commits exactly that, in captures that are
sound otherwise, and the finding has to name the rule, the kind, the end and the frame.

**Captures.** Connections drawn by chance (`calls`), and the recordings of Linux in corpus/ that open with three
segments, at every point where they were captured. None of them breaks any rule before.

**A fault** (`fault`) is a short function that changes the packets of a capture (`scene`, `packet`): a wrong number, an
option against the agreement, a segment too many, silence where an answer is due. Checksums, lengths and the numbers of
what follows stay right, so that nothing but the fault is wrong. It names whom to blame at which frame, or finds no
place in this capture. The faults stand in `headers`, `opening`, `closing`, `resets`, `options`, `agreeing`, `again`.

**The judge** (`judge`) calls a fault *caught* when rule, kind, end and frame are right, *inconclusive* when the rule
asks for evidence instead, and *missed* otherwise. Where even a complete capture proves nothing, `unprovable` says why.

**Damage** (`damage`): copies of the broken captures lose frames, and then tcplint may fall silent. For every copy where
it does the frames are named that it lacks: put back into their places, the fault is caught; and with one fewer of them
it is not.
"""
