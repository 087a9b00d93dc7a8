"""Internet checksums (RFC 1071), CRC32C (RFC 3720, appendix B.4), and putting them right in frames and NVMe/TCP PDUs."""

_POLYNOMIAL = 0x82F63B78  # Castagnoli, reflected


def _table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return tuple(table)


_TABLE = _table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in bytes(data):
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def internet_checksum(data):
    if len(data) % 2:
        data = bytes(data) + b"\0"
    # The sum of all 16-bit words is the whole as one number, modulo 65,535.
    total = int.from_bytes(data, "big") % 65535
    if total == 0 and any(data):
        total = 65535
    return ~total & 0xFFFF


def repair_packet_checksums(frame, keep=None):
    """IPv4 and TCP checksum of an Ethernet frame, as far as its lengths still hold; `keep` ("ip.checksum") is left wrong."""
    header = (frame[14] & 0xF) * 4 if len(frame) > 14 else 0
    if header < 20 or len(frame) < 14 + header:
        return
    if keep != "ip.checksum":
        frame[24:26] = b"\0\0"
        frame[24:26] = internet_checksum(frame[14:14 + header]).to_bytes(2, "big")
    tcp = 14 + header
    end = min(len(frame), 14 + int.from_bytes(frame[16:18], "big"))
    if keep == "tcp.checksum" or end < tcp + 20:
        return
    frame[tcp + 16:tcp + 18] = b"\0\0"
    pseudo = bytes(frame[26:34]) + b"\0\x06" + (end - tcp).to_bytes(2, "big")
    frame[tcp + 16:tcp + 18] = internet_checksum(pseudo + bytes(frame[tcp:end])).to_bytes(2, "big")


HAS_HEADER_DIGEST, HAS_DATA_DIGEST = 1, 2


def repair_digests(pdu, header=True, data=True):
    """Of a PDU as its own common header has it: FLAGS, HLEN, PDO. What does not fit into it is left alone."""
    flags, hlen, pdo = pdu[1], pdu[2], pdu[3]
    if header and flags & HAS_HEADER_DIGEST and 8 <= hlen and hlen + 4 <= len(pdu):
        pdu[hlen:hlen + 4] = crc32c(pdu[:hlen]).to_bytes(4, "little")
    if data and flags & HAS_DATA_DIGEST and 0 < pdo <= len(pdu) - 4:
        pdu[-4:] = crc32c(pdu[pdo:-4]).to_bytes(4, "little")
