"""Settings of hosts that remove a difference. Each remedy names one line for each host."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HOSTS = ("nginx", "Caddy", "Apache", "S3", "Netlify", "Cloudflare", "GitHub Pages")


@dataclass(frozen=True)
class Remedy:
    """A rule for hosts; `sign` matches the differences that break it, `settings` are in the order of HOSTS."""

    rule: str
    sign: re.Pattern[str]
    settings: tuple[str, ...]


REMEDIES = (
    Remedy(
        "each file has its media type",
        re.compile(r" is served (?:as (?!a page)|in the character set)|more than one Content-Type"),
        (
            "`include mime.types;` in `http`, and `charset utf-8;`",
            "remove `header Content-Type`; `file_server` sends the types",
            "`AddType text/javascript .js` and `AddDefaultCharset utf-8`; remove `ForceType`",
            "upload again with `aws s3 sync`; `--content-type` sets the type of one file",
            "remove `Content-Type` from `_headers`",
            "remove the Transform Rule or the line of `_headers` that sets `Content-Type`",
            "nothing to set; a CDN in front of it changes the type",
        ),
    ),
    Remedy(
        "no policy stops the portal's own files",
        re.compile(r"Content-Security-Policy|header (?:Link|Content-Disposition|Refresh|Clear-Site-Data)"),
        (
            "`add_header Content-Security-Policy \"frame-ancestors 'none'\" always;` and no other policy",
            "`header Content-Security-Policy \"frame-ancestors 'none'\"` and no other policy",
            "`Header set Content-Security-Policy \"frame-ancestors 'none'\"` and no other policy",
            "CloudFront: the response headers policy of the distribution",
            "`Content-Security-Policy: frame-ancestors 'none'` in `_headers`, and no other policy",
            "the Transform Rule or the line of `_headers` that sets the header",
            "nothing to set; a CDN in front of it adds the header",
        ),
    ),
    Remedy(
        "all folders are served, `_/` too",
        re.compile(r"^_/\S+ (?:is missing|is refused|is served as a page)"),
        (
            "no `location` with `deny` or `return 404` matches `/_/`",
            "no `hide _*` in `file_server`",
            "no `RedirectMatch 404` or `Require all denied` matches `/_/`",
            "upload without `--exclude`; the bucket policy allows `s3:GetObject` for all keys",
            "publish the folder `output/` as it is; no redirect matches `/_/*`",
            "deploy the folder `output/` as it is; no rule matches `/_/*`",
            'source "GitHub Actions"; a branch needs the empty file `.nojekyll`',
        ),
    ),
    Remedy(
        "an address of a folder keeps its final slash and answers with `index.html`",
        re.compile(r"^/(?:\S*/)? (?:redirects to another page|is missing|is refused)|\(expected \S*index\.html\)"),
        (
            "`index index.html;` and `try_files $uri $uri/ =404;`",
            "`file_server` without `try_files {path}.html`; no `uri strip_suffix /`",
            "`DirectoryIndex index.html` and `DirectorySlash On`; no rewrite removes the slash",
            "the website endpoint with the index document `index.html`, not the REST endpoint",
            'Site configuration, "Pretty URLs": off',
            '`html_handling = "force-trailing-slash"` for Workers; Pages needs nothing',
            "nothing to set",
        ),
    ),
    Remedy(
        "an unknown address answers with `404.html` and the status 404",
        re.compile(r"\(expected 404\.html\)"),
        (
            "`error_page 404 /404.html;` and `try_files $uri $uri/ =404;`",
            "`handle_errors { rewrite * /404.html` and `file_server }`; no `try_files` with `/index.html`",
            "`ErrorDocument 404 /404.html`; no `FallbackResource`",
            "the error document `404.html`; CloudFront: no custom error response with the code 200",
            "no `/* /index.html 200` in `_redirects`",
            '`not_found_handling = "404-page"` for Workers; no `/* /index.html 200` in `_redirects`',
            "`404.html` in the published folder",
        ),
    ),
    Remedy(
        "`sw.js` answers without a redirect",
        re.compile(
            r"redirects, and browsers then refuse it|^\S+ redirects (?:to another origin|to an address|more than)"
        ),
        (
            "no `return 301` or `rewrite` matches files of the portal",
            "no `redir` matches files of the portal",
            "no `Redirect` or `RewriteRule` matches files of the portal",
            "no routing rule of the bucket matches files of the portal",
            "no line of `_redirects` matches files of the portal",
            "no Redirect Rule and no line of `_redirects` matches files of the portal",
            "the custom domain of the site is the host in `SITEURL`",
        ),
    ),
)


def host_settings(differences: Iterable[str]) -> Iterator[str]:
    """Yield the lines that tell what to set for some differences, without a line for others."""
    found = list(differences)
    for remedy in REMEDIES:
        if any(remedy.sign.search(difference) for difference in found):
            yield f"To set at the host: {remedy.rule}."
            yield from (f"  {host}: {line}" for host, line in zip(HOSTS, remedy.settings, strict=True))
