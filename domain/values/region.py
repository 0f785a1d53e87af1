"""Administrative regions by their six-digit code (GB/T 2260): province, city, county."""

import re

from domain.values.fault import Fault, Malformed

NATION = "000000"
_CODE = re.compile(r"[0-9]{6}")
# Codes that group counties but name no authority: 90 for counties directly under a province, and the
# districts and counties of the municipalities (北京 天津 上海 重庆).
_DIRECT = "90"
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


def covers(grant: str, code: str) -> bool:
    """Whether a grant for the one region reaches the other; the empty grant and 000000 reach everywhere."""
    if grant in {"", NATION}:
        return True
    if not (_CODE.fullmatch(grant) and _CODE.fullmatch(code)):
        return False
    return code.startswith(_significant(grant))


def superior(code: str) -> str | None:
    """The region above: county, city, province, the nation, None. Raises Malformed (region_form)."""
    if not _CODE.fullmatch(code):
        raise Malformed(Fault("region_form", "行政区划代码应为 6 位数字，您填的是“{given}”", {"given": code}))
    if code == NATION:
        return None
    if code.endswith("0000"):
        return NATION
    under_province = code.endswith("00") or code[2:4] == _DIRECT or code[:2] in _MUNICIPALITIES
    return code[:2] + "0000" if under_province else code[:4] + "00"


def _significant(grant: str) -> str:
    """The leading digits that a region within must share."""
    if grant.endswith("0000"):
        return grant[:2]
    return grant[:4] if grant.endswith("00") else grant
