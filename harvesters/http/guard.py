"""Which addresses we may connect to.  An administrator types URLs, and servers redirect (SSRF).

The check is made on the numbers that the connection will use, never on the name: names such as
``127.1``, ``0x7f000001`` or ``localtest.me`` all end up here as 127.0.0.1.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from harvesters.http.failures import Refused, Unreachable

Address = IPv4Address | IPv6Address

# Each cloud answers its machines' credentials at one of these; no repository lives there.
_METADATA = frozenset(
    map(
        ip_address,
        [
            "169.254.169.254",  # most clouds
            "fd00:ec2::254",  # AWS over IPv6
            "100.100.100.200",  # Alibaba
            "168.63.129.16",  # Azure, a public number
            "192.0.0.192",  # Oracle
        ],
    )
)
_OWN = tuple(map(ip_network, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]))
_SHARED = ip_network("100.64.0.0/10")  # carrier-grade NAT, RFC 6598
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291 section 2.5.5.1, and :: and ::1 lie in it


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order the system prefers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(host: str, addresses: Sequence[str], *, internal: bool) -> tuple[str, ...]:
    """Every address, or none: a name with one public and one private address is up to something."""
    if not addresses:
        raise Unreachable(f"The host {host} has no address; check the address of the source.")
    for text in addresses:
        _refuse(host, text, internal)
    return tuple(addresses)


def _refuse(host: str, text: str, internal: bool) -> None:
    try:
        address = ip_address(text)
    except ValueError:
        raise Refused(f"The host {host} resolves to {text!r}, which is no IP address.") from None
    verdict = judge(address)
    if verdict is None:
        return
    kind, ours = verdict
    if not ours:
        raise Refused(f"The host {host} is at {text}, {kind}; nothing may be harvested there.")
    if not internal:
        raise Refused(
            f"The host {host} is at {text}, which is {kind}; "
            "if that is meant, mark the source as internal with --internal."
        )


def judge(address: Address) -> tuple[str, bool] | None:
    """None for a public address, else what it is and whether an internal source may be there."""
    verdicts = [_judge_plain(each) for each in _embedded(address)]
    bad = [verdict for verdict in verdicts if verdict]
    return min(bad, key=lambda verdict: verdict[1], default=None)


def _judge_plain(address: Address) -> tuple[str, bool] | None:
    if address in _METADATA:
        return "a cloud's metadata service", False
    if address.is_multicast:
        return "a multicast address", False
    if address.is_unspecified:
        return "the unspecified address", False
    if address.is_link_local:
        return "a link-local address", False
    if address.is_loopback:
        return "a loopback address", True
    if any(address in network for network in _OWN):
        return "a private address", True
    if address in _SHARED:
        return "an address behind a carrier's NAT", True
    if not address.is_global or address.is_reserved or _outside_global_unicast(address):
        return "a reserved address", False
    return None


def _outside_global_unicast(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST


def _embedded(address: Address) -> list[Address]:
    """The addresses that traffic to this one may end up at: IPv6 has many ways to say an IPv4."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [_last_32_bits(address)]
    if address in _COMPATIBLE and int(address) > 1:
        return [_last_32_bits(address)]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    return [address]


def _last_32_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
