"""How a party is named: `scheme:id`, and a natural person's name as the public may see it."""

import re
import unicodedata

import msgspec

from domain.values import uscc
from domain.values.fault import Fault, Malformed

USCC_SCHEME = "CN-USCC"
_SPACES = re.compile(r"\s+")


class PartyRef(msgspec.Struct, frozen=True):
    """Made by `of` or `parse`, which check; the constructor, for reading what is stored, does not."""

    scheme: str
    id: str

    @classmethod
    def of(cls, scheme: str, id: str) -> "PartyRef":
        """A Chinese code is checked and normalised, other ids are kept. Raises Malformed (party_form, uscc_*)."""
        scheme, id = scheme.strip(), id.strip()
        if scheme.upper() == USCC_SCHEME:
            return cls(USCC_SCHEME, _checked(id))
        if not scheme or not id or ":" in scheme:
            raise _misspelt(f"{scheme}:{id}")
        return cls(scheme, id)

    @classmethod
    def parse(cls, text: str) -> "PartyRef":
        """`scheme:id`; the id may hold colons. Raises Malformed (party_form, uscc_*)."""
        scheme, colon, id = text.partition(":")
        if not colon:
            raise _misspelt(text)
        return cls.of(scheme, id)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.id}"


def masked(name: str) -> str:
    """The first character of a natural person's name, a star for each other one: 张三丰 is 张**."""
    seen = [char for char in _SPACES.sub("", name) if not unicodedata.category(char).startswith("M")]
    if len(seen) == 1:
        return "*"
    return "".join(seen[:1]) + "*" * len(seen[1:])


def _checked(id: str) -> str:
    if found := uscc.diagnose(id):
        raise Malformed(found[0])
    return uscc.normalise(id)


def _misspelt(given: str) -> Malformed:
    return Malformed(Fault("party_form", "主体应写作“类别:代码”，您填的是“{given}”", {"given": given}))


NUMBER_OF_A_PERSON = re.compile(r"[0-9]{14}[0-9Xx]|[0-9]{17}[0-9Xx]")  # a resident's identity number, old and new
PERSONS = ("CN-ID", "CN-PRC-ID", "PERSON")


def is_person(ref: str) -> bool:
    """Does a reference name a natural person? Such a one has no page, no number and only a masked name in public."""
    scheme, _, code = ref.partition(":")
    if scheme == "CN-USCC":
        return False
    return scheme.upper() in PERSONS or NUMBER_OF_A_PERSON.fullmatch(code.strip()) is not None
