"""tcplint reads packet captures and judges TCP handshakes and closes against RFC 9293.

    import tcplint

    for report in tcplint.check("a.pcap"):
        if report.type == "connection":
            print(report.client, report.server, report.verdict)
            for finding in report.findings:
                print(" ", finding.frame, finding.rule, finding.message)

`check` takes a path or several and yields, capture by capture, a `ConnectionReport` for each connection and then one
`CaptureReport` (tcplint.results describes both). What cannot be read does not raise: the `problem` of the capture's
report says what and where, and everything before that place has been checked. Nothing heavy is imported before the
first report is asked for.
"""

from .__about__ import __version__
from .check import check

__all__ = ["__version__", "check"]
