"""Addresses as reports print them and as display filters take them."""

import shutil
import subprocess

import pytest

from tcplint.address import display_filter, endpoints, reversed_key

IPV4 = bytes([192, 0, 2, 1, 198, 51, 100, 2, 0xC9, 0x3A, 0x01, 0xBB])
IPV6 = bytes.fromhex("20010db800000000000000000000000120010db8000000000000000000000002c93a0050")


def test_ends_are_written_with_brackets_only_around_ipv6() -> None:
    assert endpoints(IPV4) == ("192.0.2.1:51514", "198.51.100.2:443")
    assert endpoints(IPV6) == ("[2001:db8::1]:51514", "[2001:db8::2]:80")


def test_key_seen_from_the_other_end_names_the_same_ends_exchanged() -> None:
    assert endpoints(reversed_key(IPV4)) == ("198.51.100.2:443", "192.0.2.1:51514")
    assert reversed_key(reversed_key(IPV6)) == IPV6


@pytest.mark.parametrize("key", [IPV4, IPV6, IPV4[:4] + IPV4[:4] + IPV4[8:]])
def test_display_filter_is_one_that_wireshark_takes(key: bytes) -> None:
    text = display_filter(key, [38, 41])
    assert text.startswith("frame.number in {38,41} && ip")
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed")
    done = subprocess.run([tshark, "-r", "/dev/null", "-Y", text], capture_output=True, text=True, check=False)
    assert "Invalid" not in done.stderr
    assert "filter" not in done.stderr
