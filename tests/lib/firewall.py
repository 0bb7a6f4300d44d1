#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A firewall that drops what comes in, where there is no nft.

usage: firewall.py add|delete

In the network namespace where it runs, this makes what nft makes of
add chain inet m2m input { type filter hook input priority 0; policy drop; }
"""
import socket
import struct
import sys

NETFILTER = 12
INET, REQUEST, ACK, CREATE = 1, 1, 4, 0x400
BEGIN, END, NEW_TABLE, DEL_TABLE, NEW_CHAIN = 0x10, 0x11, 0x0a00, 0x0a02, 0x0a03
NAME = b'm2m\0'


def attr(kind, value):
    """An attribute, padded"""
    size = 4 + len(value)
    return struct.pack('=HH', size, kind) + value + b'\0' * (-size % 4)


def message(kind, flags, family, resource, attrs):
    """A message of nfnetlink"""
    body = struct.pack('=BB', family, 0) + struct.pack('>H', resource) + attrs
    return struct.pack('=IHHII', 16 + len(body), kind, REQUEST | flags, 1, 0) + body


def number(value):
    """As netfilter has them"""
    return struct.pack('>I', value)


def changes(what):
    """The messages of a batch"""
    if what == 'delete':
        return message(DEL_TABLE, ACK, INET, 0, attr(1, NAME))
    hook = attr(1, number(1)) + attr(2, number(0))
    return (message(NEW_TABLE, CREATE, INET, 0, attr(1, NAME)) +
            message(NEW_CHAIN, CREATE | ACK, INET, 0,
                    attr(1, NAME) + attr(3, b'input\0') + attr(0x8000 | 4, hook) +
                    attr(5, number(0)) + attr(7, b'filter\0')))


def main():
    """One batch, which the kernel takes whole or not at all"""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER) as sock:
        sock.bind((0, 0))
        sock.settimeout(10)
        sock.send(message(BEGIN, 0, 0, 10, b'') + changes(sys.argv[1]) +
                  message(END, 0, 0, 10, b''))
        answer = sock.recv(4096)
    error = struct.unpack_from('=i', answer, 16)[0]
    if error:
        sys.exit(f'the kernel says {error}')


main()
