"""Benchmarks: how fast tcplint reads and judges, as ratios against tshark and tcpdump in the same run.

`python -m tools.bench` makes a capture of ordinary connections, runs each program on it several times in turn, and
prints the best time of each and the ratios. No test depends on a time: machines differ, and so do their neighbours.
"""
