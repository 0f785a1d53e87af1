"""The unified social credit code 统一社会信用代码: GB 32100-2015, with the organisation code of GB 11714 inside."""

import re
import unicodedata

from domain.values.fault import Fault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_ORGANISATION_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGION = slice(2, 8)
# Lists fill the column of a body without a code with seventeen noughts and any last character.
_FILLER = re.compile(r"0{17}.")
# Spaces, every dash (Pd), the minus sign, and invisible characters (Cf) come along from PDF and spreadsheets.
_DASHES_AND_UNSEEN = frozenset({"Pd", "Cf", "Cc", "Zs", "Zl", "Zp"})


def normalise(text: str) -> str:
    """The code as it is stored and compared: half-width, upper case, no spaces, no hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    if folded.isascii() and folded.isalnum():
        return folded
    kept = (char for char in folded if char != "\u2212" and unicodedata.category(char) not in _DASHES_AND_UNSEEN)
    return unicodedata.normalize("NFKC", "".join(kept))


def diagnose(text: str) -> list[Fault]:
    """What makes it no code at all, the most telling first; empty when it is one. An unknown region is no fault."""
    code = normalise(text)
    if not code or _FILLER.fullmatch(code):
        return [Fault("uscc_missing", "没有填写统一社会信用代码")]
    if len(code) != LENGTH:
        return [_wrong_length(code)]
    if strange := [_strange(place, char) for place, char in enumerate(code, 1) if char not in _VALUES]:
        return strange[:1]
    return [*_region_faults(code), *_check_faults(code)]


def faults(text: str) -> list[str]:
    """The codes of what is wrong: uscc_missing, uscc_length, uscc_alphabet, uscc_region, uscc_check."""
    return [fault.code for fault in diagnose(text)]


def explain(text: str) -> str | None:
    """One Chinese sentence that names the wrong place, or None."""
    found = diagnose(text)
    return str(found[0]) if found else None


def warnings(text: str) -> list[Fault]:
    """What is odd about a valid code but never a reason to refuse it: some old codes fail the inner check."""
    code = normalise(text)
    if diagnose(code) or (expected := _organisation_check(code)) == code[16]:
        return []
    sentence = "统一社会信用代码第 17 位（组织机构代码校验位）按规则应为 {expected}，您填的是 {given}，请核对"
    return [Fault("uscc_organisation_check", sentence, {"expected": expected, "given": code[16]})]


def check_character(code: str) -> str:
    """The 18th character that the first 17 (all in the alphabet) demand."""
    return ALPHABET[-sum(_VALUES[char] * weight for char, weight in zip(code, _WEIGHTS, strict=False)) % 31]


def _wrong_length(code: str) -> Fault:
    sentence = "统一社会信用代码应为 {expected} 位，您填了 {given} 位"
    return Fault("uscc_length", sentence, {"expected": LENGTH, "given": len(code)})


def _strange(place: int, char: str) -> Fault:
    sentence = "统一社会信用代码第 {place} 位不能是“{given}”：只用数字和除 I、O、S、V、Z 以外的大写字母"
    return Fault("uscc_alphabet", sentence, {"place": place, "given": char})


def _region_faults(code: str) -> list[Fault]:
    letters = [(place, char) for place, char in enumerate(code[_REGION], _REGION.start + 1) if not char.isdigit()]
    sentence = "统一社会信用代码第 {place} 位应为数字（第 3 至 8 位是行政区划码），您填的是 {given}"
    return [Fault("uscc_region", sentence, {"place": place, "given": char}) for place, char in letters[:1]]


def _check_faults(code: str) -> list[Fault]:
    if (expected := check_character(code)) == code[-1]:
        return []
    sentence = "统一社会信用代码第 18 位校验码应为 {expected}，您填的是 {given}"
    return [Fault("uscc_check", sentence, {"expected": expected, "given": code[-1]})]


def _organisation_check(code: str) -> str:
    pairs = zip(code[8:16], _ORGANISATION_WEIGHTS, strict=True)
    remainder = 11 - sum(_ORGANISATION_VALUES[char] * weight for char, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))
