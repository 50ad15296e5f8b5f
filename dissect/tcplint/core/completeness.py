"""Wireshark's `tcp.completeness`, for readers who join our report with its columns."""


def mark_ack(connection):
    """An ACK without payload: bit 4."""
    if connection.completeness & 4 == 0:
        connection.completeness += 4


def mark_fin(connection):
    """A FIN: bit 16."""
    if connection.completeness & 16 == 0:
        connection.completeness += 16


def count_completeness(connection, arrival):
    """The bits of Wireshark's tcp.completeness: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32."""
    bits = connection.completeness
    if arrival.syn and arrival.has_ack:
        if bits & 2 == 0:
            bits += 2
    elif arrival.syn:
        if bits & 1 == 0:
            bits += 1
    elif arrival.has_ack and arrival.length == 0 and bits & 4 == 0:
        bits += 4
    if arrival.length > 0 and bits & 8 == 0:
        bits += 8
    if arrival.fin and bits & 16 == 0:
        bits += 16
    if arrival.rst and bits & 32 == 0:
        bits += 32
    connection.completeness = bits
