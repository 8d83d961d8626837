"""Hosts whose sites share an origin: scheme, host and port.

Sites on one origin share storage and caches, so another site there can use a member's key and read open pages.
"""

import re
from urllib.parse import urlsplit

from members_portal.loopback import is_loopback
from members_portal.portal.site_address import host_of

# An account's sites, each below a path of the account's host. The address without a path is the account's own site.
ACCOUNT_HOSTS = (
    "bitbucket.io",
    "codeberg.page",
    "frama.io",
    "github.io",
    "gitlab.io",
    "pages.debian.net",
    "pages.gitlab.gnome.org",
    "sourceforge.io",
    "srht.site",
    "blob.core.windows.net",
)

# Sites of many owners, each below a path of one host.
COMMON_HOSTS = (
    "cdn.jsdelivr.net",
    "cdn.statically.io",
    "gitcdn.link",
    "htmlpreview.github.io",
    "ipfs.io",
    "raw.githack.com",
    "rawcdn.githack.com",
    "raw.githubusercontent.com",
    "sites.google.com",
    "storage.cloud.google.com",
    "storage.googleapis.com",
    "unpkg.com",
)
COMMON_PATTERN = re.compile(
    r"s3[.-]?([a-z0-9-]+\.)*amazonaws\.com(\.cn)?"  # buckets of Amazon S3 by path: s3.eu-west-1.amazonaws.com/bucket
    r"|[a-z]+[0-9]\.digitaloceanspaces\.com"
    r"|f[0-9]+\.backblazeb2\.com"
)


def is_shared(url: str) -> bool:
    """Return whether an address is below a host that is known for sites that share an origin."""
    host = host_of(url)
    return is_common(host) or (_is_account_host(host) and has_path(url))


def may_be_shared(url: str) -> bool:
    """Return whether other sites may share the origin of an address: it has a path, or it is an account's own site."""
    host = host_of(url)
    is_here = is_loopback(host) or host.endswith(".localhost")  # as browsers resolve it
    return bool(host) and not is_here and (has_path(url) or is_common(host) or _is_account_host(host))


def has_path(url: str) -> bool:
    """Return whether an address is below the root of its host."""
    return bool(urlsplit(url).path.strip("/"))


def is_common(host: str) -> bool:
    """Return whether many owners' sites share a host."""
    return host in COMMON_HOSTS or bool(COMMON_PATTERN.fullmatch(host))


def _is_account_host(host: str) -> bool:
    return any(host.endswith(f".{name}") or host == name for name in ACCOUNT_HOSTS)
