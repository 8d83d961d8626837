"""The address of a site: its form, its host as browsers read it, and a suggestion for one of another form."""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import idna

from members_portal.loopback import is_loopback

_OTHER_PARTS = re.compile(r"[?#\\]")  # query, fragment; browsers read a backslash as a slash
_SAFE_IN_POLICY = re.compile(r"[A-Za-z0-9:/._~!$&()*+=@%\[\]-]+")  # no sign that ends a source or a directive
_START = re.compile(r"(?:[a-z][a-z+]*:)?//(?:[^/@]*@)?|https?:", re.IGNORECASE)


def host_of(url: str) -> str:
    """Return the host in ASCII as browsers read it (UTS 46), without a final dot; empty for a relative address.

    Raise ValueError for a name that is no host. Browsers apply NFKC and lower case, and drop invisible characters.
    """
    return _ascii_host(urlsplit(url).hostname or "")


@lru_cache(maxsize=4096)  # texts link the same hosts again and again
def _ascii_host(host: str) -> str:
    if not host or _is_ip(host):
        return host
    return idna.encode(host, uts46=True).decode("ascii").removesuffix(".")


def is_site_address(url: str) -> bool:
    """Return whether an address is http(s) with a host, and has no user, query, fragment, space or `%` in the host."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.port == 0 or not host_of(url):
            return False
    except ValueError:  # no port, no host, a host of another form
        return False
    is_plain = url.isprintable() and " " not in url and not _OTHER_PARTS.search(url)
    return is_plain and "@" not in parts.netloc and "%" not in parts.netloc


def is_endpoint(url: str) -> bool:
    """Return whether an address can be posted to and can stand in a policy: https, or http on this machine."""
    if not is_site_address(url) or not _SAFE_IN_POLICY.fullmatch(url):
        return False
    return url.startswith("https:") or is_loopback(host_of(url))


@lru_cache(maxsize=1 << 14)  # texts have the same links again and again
def path_on_site(url: str, base: str) -> str | None:
    """Return the path of an address below `base`, from its slash on, as `/offers/`; None for one of another site.

    `base` is the address of the site, with a slash at its end. http and https are one site, and so are `/offers` and
    `/offers/`.
    """
    try:
        parts, site = urlsplit(url), urlsplit(base)
        is_same = site.hostname and parts.scheme in {"http", "https"} and host_of(url) == host_of(base)
        if not is_same or parts.port != site.port:
            return None
    except ValueError:
        return None
    path = unquote(parts.path)
    path = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    return f"/{path.removeprefix(site.path)}" if path.startswith(site.path) else None


def suggestion(text: str) -> str:
    """Return the address that a text of another form probably means, empty for none."""
    rest = _START.sub("", text.strip(), count=1)
    meant = f"https://{_OTHER_PARTS.split(rest)[0]}"
    return meant if is_site_address(meant) and "." in host_of(meant) else ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
