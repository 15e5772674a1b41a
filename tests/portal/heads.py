"""Reading the head of a page for the tests of this folder."""

import json
import re
from html import unescape

META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def metas(html):
    """Return {name: content} of the head's meta elements; a name that stands twice fails."""
    pairs = META.findall(html.split("</head>", maxsplit=1)[0])
    assert len(pairs) == len({name.lower() for name, _ in pairs})
    return {name: unescape(content) for name, content in pairs}


def canonical(html):
    """Return the canonical addresses of a page, one where all is well."""
    return [unescape(each) for each in re.findall(r'<link rel="canonical" href="([^"]*)">', html)]


def things(html):
    """Return {type: object} of the page's JSON-LD."""
    found = [json.loads(text) for text in LD.findall(html)]
    assert {thing["@context"] for thing in found} <= {"https://schema.org"}
    return {thing["@type"]: thing for thing in found}


def alternates(html):
    """Return [(title, address)] of the feeds that the head names."""
    rows = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" title="([^"]*)" href="([^"]*)">', html
    )
    return [(unescape(title), unescape(address)) for title, address in rows]
