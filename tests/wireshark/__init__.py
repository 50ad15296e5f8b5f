"""tcplint inside Wireshark: the plugin in tshark and sharkd, beside `tcplint check` on the same captures."""
