"""The shape of an OCDS 1.1 release, and every place where a given one departs from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from web.importers.ocds_merge import Node
from web.importers.record import Note, Place

# From release-schema.json, 1.1.5: a member's kind; `!` must be there, `*` a list of. A test compares it.
_SHAPES = """
Release: ocid!=text id!=text date!=time tag!=text* initiationType!=text parties=Organization*
  buyer=OrganizationReference planning=Planning tender=Tender awards=Award* contracts=Contract* language=text
  relatedProcesses=RelatedProcess*
Planning: rationale=text budget=Budget documents=Document* milestones=Milestone*
Tender: id!=id title=text description=text status=text procuringEntity=OrganizationReference items=Item* value=Value
  minValue=Value procurementMethod=text procurementMethodDetails=text procurementMethodRationale=text
  mainProcurementCategory=text additionalProcurementCategories=text* awardCriteria=text awardCriteriaDetails=text
  submissionMethod=text* submissionMethodDetails=text tenderPeriod=Period enquiryPeriod=Period hasEnquiries=truth
  eligibilityCriteria=text awardPeriod=Period contractPeriod=Period numberOfTenderers=whole
  tenderers=OrganizationReference* documents=Document* milestones=Milestone* amendments=Amendment*
  amendment=Amendment
Award: id!=id title=text description=text status=text date=time value=Value suppliers=OrganizationReference*
  items=Item* contractPeriod=Period documents=Document* amendments=Amendment* amendment=Amendment
Contract: id!=id awardID!=id title=text description=text status=text period=Period value=Value items=Item*
  dateSigned=time documents=Document* implementation=Implementation relatedProcesses=RelatedProcess*
  milestones=Milestone* amendments=Amendment* amendment=Amendment
Implementation: transactions=Transaction* milestones=Milestone* documents=Document*
Milestone: id!=id title=text type=text description=text code=text dueDate=time dateMet=time dateModified=time
  status=text documents=Document*
Document: id!=id documentType=text title=text description=text url=text datePublished=time dateModified=time
  format=text language=text
Budget: id=id description=text amount=Value project=text projectID=id uri=text source=text
Transaction: id!=id source=text date=time value=Value payer=OrganizationReference payee=OrganizationReference
  uri=text amount=Value providerOrganization=Identifier receiverOrganization=Identifier
OrganizationReference: name=text id=id identifier=Identifier address=Address additionalIdentifiers=Identifier*
  contactPoint=ContactPoint
Organization: name=text id=text identifier=Identifier additionalIdentifiers=Identifier* address=Address
  contactPoint=ContactPoint roles=text* details=object
Item: id!=id description=text classification=Classification additionalClassifications=Classification*
  quantity=number unit=object
Amendment: date=time rationale=text id=text description=text amendsReleaseID=text releaseID=text changes=object*
Classification: scheme=text id=id description=text uri=text
Identifier: scheme=text id=id legalName=text uri=text
Address: streetAddress=text locality=text region=text postalCode=text countryName=text
ContactPoint: name=text email=text telephone=text faxNumber=text url=text
Value: amount=number currency=text
Period: startDate=time endDate=time maxExtentDate=time durationInDays=whole
RelatedProcess: id=text relationship=text* title=text scheme=text identifier=text uri=text
"""
_KINDS = {
    "text": (str,),
    "time": (str,),
    "id": (str, int),
    "number": (int, Decimal),
    "whole": (int,),
    "truth": (bool,),
    "object": (dict,),
}
_SAID = {
    "text": "文字",
    "time": "日期时间",
    "id": "文字或整数",
    "number": "数值",
    "whole": "整数",
    "truth": "真或假",
    "object": "对象",
}


class _Member:
    __slots__ = ("kind", "many", "plain", "required")

    def __init__(self, spelt: str, required: bool) -> None:
        self.kind, self.many, self.required = spelt.removesuffix("*"), spelt.endswith("*"), required
        self.plain: tuple[type, ...] = tuple(_KINDS.get(self.kind, ()))


def _parsed(text: str) -> dict[str, dict[str, _Member]]:
    shapes: dict[str, dict[str, _Member]] = {}
    for block in text.replace("\n  ", " ").strip().splitlines():
        name, _, members = block.partition(": ")
        shapes[name] = {key.removesuffix("!"): _Member(kind, key.endswith("!")) for key, _, kind in (m.partition("=") for m in members.split())}
    return shapes


SHAPES: Mapping[str, Mapping[str, _Member]] = _parsed(_SHAPES)
_REQUIRED = {name: tuple(key for key, one in members.items() if one.required) for name, members in SHAPES.items()}


def departures(release: Node, file: str) -> Iterator[Note]:
    """Each member of a release that is missing, or of another kind than OCDS 1.1 says; null counts as not there."""
    return _object(release, "Release", file)


def _object(node: Node, shape: str, file: str) -> Iterator[Note]:
    members = SHAPES[shape]
    for key in _REQUIRED[shape]:
        if node.get(key) is None:
            place = Place(file, pointer=node.where(key))
            yield Note("member_missing", place, "缺少 OCDS 要求的字段 {member}", {"member": key})
    for key, value in node.items():
        member = members.get(key)
        # Most members are plain and right: they are let through before their pointer is made.
        if member is None or value is None or (not member.many and type(value) in member.plain):
            continue
        yield from _value(value, member, node.where(key), file)


def _value(value: Any, member: _Member, at: str, file: str) -> Iterator[Note]:
    if not member.many:
        yield from _one(value, member.kind, at, file)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _one(item, member.kind, f"{at}/{number}", file)
    else:
        yield _departs(at, file, "数组", value)


def _one(value: Any, kind: str, at: str, file: str) -> Iterator[Note]:
    wanted = _KINDS.get(kind)
    if wanted is None:
        if isinstance(value, Node):
            yield from _object(value, kind, file)
        else:
            yield _departs(at, file, "对象", value)
    elif not isinstance(value, wanted) or (isinstance(value, bool) and kind != "truth"):
        yield _departs(at, file, _SAID[kind], value)


def _departs(at: str, file: str, wanted: str, value: Any) -> Note:
    sentence = "按 OCDS 应为{wanted}，文件中是 {given}"
    return Note("member_kind", Place(file, pointer=at), sentence, {"wanted": wanted, "given": shown(value)})


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    return str(value)[:80] or "空"
