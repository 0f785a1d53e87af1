"""How the system is: for anybody whether it works; for who is signed in, each view, the log, the version."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.asking import office_of, who_asks
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.showing import show
from web.weather import SHOWN

router = APIRouter(include_in_schema=False)
LABELS = {"": lazy("记录"), "clock_behind": lazy("时钟"), "disk_nearly_full": lazy("磁盘")}
FOLLOWING, BEHIND, STOPPED = lazy("与日志一致"), lazy("落后日志 {n} 个事件，打开时先赶上"), lazy("停在事件 {n}，看到的可能不全")


def own_version() -> str:
    """The installed version; of a checkout that is not installed, the one that it is to have."""
    try:
        return version("lvyue")
    except PackageNotFoundError:
        told = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
        return str(told["project"]["version"])


@router.get("/status")
def show_status(request: Request) -> Response:
    office, speaks = office_of(request), tongue_of(request)
    actor, _ = who_asks(request)
    head = office.ledger.head()
    views: list[dict[str, Any]] = [
        {"name": one.name, "label": SHOWN[one.name][0], "position": one.position, "stopped": one.stopped, "lag": max(0, head - one.position)}
        for one in office.standings()
    ]
    stopped = [one for one in views if one["stopped"]]
    lag = max((one["lag"] for one in views), default=0)  # every page catches up before it shows anything
    tone, text = "done", speaks.said(BEHIND, n=lag) if lag else FOLLOWING
    if stopped:
        tone, text = "late", speaks.said(STOPPED, n=min(one["position"] for one in stopped))
    tone_of_log, writing = ("late", lazy("只能查看")) if office.weather.shut() else ("done", lazy("可以读写"))
    parts: list[dict[str, Any]] = [{"label": lazy("日志"), "tone": tone_of_log, "text": writing}, {"label": lazy("各页面"), "tone": tone, "text": text}]
    for one in filter(None, (office.weather.shut(), office.weather.clock())):
        parts.append({"label": LABELS.get(one.code, LABELS[""]), "tone": "late", "text": speaks.said(one.sentence, **one.values)})
    shown: dict[str, Any] = {"parts": parts, "facts": [], "checked": office.now, "views": []}
    if actor is not None:
        shown |= {"facts": _facts(office, head), "views": views if actor.roles - {"applicant"} else []}
    return show(request, "status.html", **shown)


def _facts(office: Office, head: int) -> list[tuple[str, Any]]:
    size, root = office.recorder.tree_head()
    anchor = office.vault.anchor.last()
    recorded = office.ledger.recorded_at(head) if head else None
    return [
        (lazy("事件"), f"{head:,}"),
        (lazy("检查点"), f"{size}-{root.hex()[:16]}"),
        (lazy("最后一次记录"), recorded.isoformat(timespec="seconds") if recorded else None),
        (lazy("保险库记住的根"), f"{anchor[0]}-{anchor[1].hex()[:16]}" if anchor else None),
        (lazy("试用库"), lazy("是的") if office.is_trial else lazy("不是")),
        (lazy("版本"), own_version()),
    ]
