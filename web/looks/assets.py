"""Where the browser gets htmx: a CDN with its integrity hash, this machine, or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Literal

Source = Literal["cdn", "local", "none"]

# htmx 2.0.11 (npm htmx.org, dist/htmx.min.js). 4.x drops inheritance and HTTP 286: moving is a decision.
HTMX = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
CDN = "https://cdn.jsdelivr.net"

# No eval and no injected style, as the content security policy demands; no page in localStorage, for it may hold
# personal data; refusals (409, 412, 422) are pages like any other and are shown.
HTMX_CONFIG = json.dumps(
    {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "disableInheritance": True,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "(409|412|422)", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    },
    separators=(",", ":"),
)


def integrity(content: bytes) -> str:
    """The subresource-integrity value of some bytes (sha384)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


class WrongAsset(Exception):
    """The file that lies where htmx should is not the pinned one."""


def local_htmx(folder: Path) -> bytes | None:
    """The operator's own copy, `htmx.min.js` in the folder for assets; None when there is none.

    Raises WrongAsset when its bytes are not those of the pinned version.
    """
    path = folder / "htmx.min.js"
    if not path.is_file():
        return None
    content = path.read_bytes()
    if integrity(content) != HTMX_INTEGRITY:
        raise WrongAsset(f"{path.name} has integrity {integrity(content)}, expected {HTMX_INTEGRITY}")
    return content


def stamp(folder: Path) -> str:
    """A short fingerprint of the static files, put in their addresses so that browsers may keep them."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
