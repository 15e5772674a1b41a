"""Reading an Atom feed for the tests of feeds."""

from xml.etree import ElementTree as ET

SPACE = {"a": "http://www.w3.org/2005/Atom"}
TYPE = "application/atom+xml; charset=utf-8"


def feed(client, address, **extra):
    """Return the root of a feed that was answered with 200."""
    answer = client.get(address, **extra)
    assert (answer.status_code, answer["Content-Type"]) == (200, TYPE)
    return ET.fromstring(answer.content)  # noqa: S314 -- our own


def entries(client, address, **extra):
    """Return the entries of a feed as dictionaries."""
    return [
        {
            "id": each.findtext("a:id", namespaces=SPACE),
            "title": each.findtext("a:title", namespaces=SPACE),
            "link": each.find("a:link", SPACE).get("href"),
            "words": each.findtext("a:summary", namespaces=SPACE),
            "published": each.findtext("a:published", namespaces=SPACE),
            "updated": each.findtext("a:updated", namespaces=SPACE),
            "authors": [name.text for name in each.findall("a:author/a:name", SPACE)],
        }
        for each in feed(client, address, **extra).findall("a:entry", SPACE)
    ]


def titles(client, address, **extra):
    """Return the titles of a feed's entries in their order."""
    return [entry["title"] for entry in entries(client, address, **extra)]
