#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A name server with one name.

usage: name-server.py NAME IPV4-ADDRESS SERVER...

Answers come from the address, one of SERVER, that was asked. Queries of type A for NAME are answered, all others are told that there is none.
"""
import select
import socket
import struct
import sys

TYPE_A = 1
RESPONSE, NXDOMAIN = 0x8580, 3


def question_of(query):
    """The first question: its name, its type, and where it ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    return ".".join(labels).lower(), *struct.unpack_from(">H", query, at + 1), at + 5


def answer_to(query, name, address):
    asked, kind, end = question_of(query)
    known = asked == name
    found = known and kind == TYPE_A
    flags = RESPONSE | (0 if known else NXDOMAIN)
    answer = query[:2] + struct.pack(">5H", flags, 1, found, 0, 0) + query[12:end]
    if found:
        answer += struct.pack(">3HIH", 0xc00c, TYPE_A, 1, 60, 4) + address
    return answer


def open_at(server):
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    result = socket.socket(family, socket.SOCK_DGRAM)
    result.bind((server, 53))
    return result


def main():
    name, address = sys.argv[1], socket.inet_aton(sys.argv[2])
    servers = [open_at(server) for server in sys.argv[3:]]
    while True:
        for server in select.select(servers, [], [])[0]:
            query, client = server.recvfrom(512)
            try:
                server.sendto(answer_to(query, name, address), client)
            except (IndexError, UnicodeDecodeError, struct.error) as error:
                print(f"no query: {error}", file=sys.stderr, flush=True)


main()
