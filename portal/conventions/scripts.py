"""The one place that writes a <script> into a page: JSON-LD, data that no browser runs.

The strict policy allows no inline script; a data block is none. What an editor typed may hold `</script>`: the three
marks that end or open markup are written as escapes, which JSON reads as the same text (THREATS 5).
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# The two separators end a line for old readers of scripts.
ESCAPED = {ord(mark): f"\\u{ord(mark):04X}" for mark in "<>&\u2028\u2029"}
CONTEXT = "https://schema.org"


def json_ld(thing: Mapping[str, Any]) -> SafeString:
    """Return one JSON-LD block of `thing`, which needs no @context of its own."""
    text = json.dumps({"@context": CONTEXT, **thing}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPED)}</script>')  # noqa: S308 -- escaped here
