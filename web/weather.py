"""Weather: what keeps this office from recording just now, or a page from being up to date; each told in a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.proof.tree import root_at
from stores.ledger.faults import Closed
from stores.vault import Tampered
from web.looks.tongue import lazy

if TYPE_CHECKING:
    from web.office import Office

EVERY = 1.0  # seconds between two looks at what may close the log
AHEAD = timedelta(seconds=60)  # by which the clocks of two machines may differ without a word
MOVED_TO = "moved_to"  # the vault's settings: where this installation went
MB = 1024 * 1024


class Notice(NamedTuple):
    """Something that must be said: `status` is what a change is refused with, None where nothing is refused."""

    code: str
    sentence: str
    values: dict[str, Any]
    status: int | None = None


FULL = lazy("服务器的磁盘快满了（还剩 {free} MB）：现在只能查看，不能记录。请告诉管理员腾出空间。")
SHORTER = lazy("日志只有 {size} 条，保险库记得它曾有 {known} 条，像是从旧备份恢复的。为免日志分叉，现在只能查看。")
OTHER = lazy("日志的前 {known} 条不是保险库记得的那些。为免日志分叉，现在只能查看。")
ANCHOR = lazy("保险库里记下的日志长度被改动过。查明之前只能查看。")
MOVED = lazy("这套数据已经迁到 {to}，这里只能查看。")
CLOCK = lazy("服务器的时钟（{now}）早于日志里最后一次记录（{last}）。请校准时钟；在那之前，新记录的时间都写作后者。")
STOPPED = lazy("{what}停在日志第 {n} 条：之后的变化这里看不到，修好后会自动继续。")
BEHIND = lazy("各页面正在从日志重读（第 {n} 条，共 {of} 条），这里可能还不全。")

# Each view in words, and where it is shown.
SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "contracts": (lazy("合同"), ("/contracts", "/my")),
    "loops": (lazy("待办事项"), ("/my", "/contracts", "/cases", "/repairs", "/commitments")),
    "commitments": (lazy("信用承诺"), ("/commitments", "/parties")),
    "cases": (lazy("案件"), ("/cases", "/contracts", "/parties")),
    "sanctions": (lazy("惩戒"), ("/public", "/parties", "/cases", "/my")),
    "repairs": (lazy("修复申请"), ("/repairs", "/my", "/public", "/cases")),
    "parties": (lazy("主体"), ("/parties", "/public", "/contracts", "/cases", "/commitments")),
    "payments": (lazy("付款"), ("/parties",)),
    "accounts": (lazy("账户"), ("/administration", "/audit")),
    "organisations": (lazy("机构"), ("/administration", "/contracts")),
}


class Weather:
    """What an office must know before it records, and say while it shows."""

    def __init__(self, office: Office, real_clock: bool) -> None:
        self._office, self._real_clock = office, real_clock
        self._fork: Notice | None = None
        self._shut: Notice | None = None
        self._look_again = self._look_at_clock = 0.0
        self._clock: Notice | None = None

    def admit(self) -> None:
        """Raises Closed, with the notice, where nothing may be recorded."""
        if (told := self.shut()) is not None:
            raise Closed(told)

    def shut(self) -> Notice | None:
        """Why nothing may be recorded; looked at anew once a second."""
        if monotonic() >= self._look_again:
            self._shut = self._fork or self._moved() or self._full()
            self._look_again = monotonic() + EVERY
        return self._shut

    def look_at_the_log(self) -> None:
        """Is the log the one that the vault remembers, and no shorter? Asked when an office is opened."""
        self._fork, self._look_again = fork(self._office), 0.0

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """For the one event that says how a fork was decided."""
        self._shut, self._look_again = None, float("inf")
        try:
            yield
        finally:
            self._look_again = 0.0

    def clock(self) -> Notice | None:
        """Whether this machine's clock is behind the log. A trial's is lifted, and never is."""
        if self._real_clock and monotonic() >= self._look_at_clock:
            now = self._office.now
            last = self._office.recorder.lift_clock(now)
            told = {"now": now.isoformat(timespec="seconds"), "last": last.isoformat(timespec="seconds")}
            self._clock = Notice("clock_behind", CLOCK, told) if last - now > AHEAD else None
            self._look_at_clock = monotonic() + 10 * EVERY
        return self._clock

    def of_page(self, path: str, head: int, reached: int, signed_in: bool) -> list[Notice]:
        """What a page must say of itself. Whether anything can be recorded concerns only who may record."""
        told = [Notice("stopped", STOPPED, {"what": SHOWN.get(name, (name, ()))[0], "n": at})
                for name, at in self._office.follower.stopped().items() if shows(path, name)]  # fmt: skip
        if reached < head and self._office.follower.going():
            told.append(Notice("behind", BEHIND, {"n": reached, "of": head}))
        if signed_in:
            told += [one for one in (self.shut(), self.clock()) if one is not None]
        return told

    def _moved(self) -> Notice | None:
        to = self._office.vault.settings.get(MOVED_TO)
        return None if to is None else Notice("moved", MOVED, {"to": to}, 503)

    def _full(self) -> Notice | None:
        if self._office.settings.database_url:
            return None  # another machine's disk: the database says so itself
        free = shutil.disk_usage(self._office.settings.data).free
        least = self._office.settings.least_free
        return Notice("disk_nearly_full", FULL, {"free": free // MB}, 507) if free < least else None


def shows(path: str, view: str) -> bool:
    """Whether a page shows what a view tells; the desk shows something of most."""
    places = SHOWN.get(view, ("", ()))[1]
    return path == "/" or path.startswith("/status") or any(path == one or path.startswith(f"{one}/") for one in places)


def fork(office: Office) -> Notice | None:
    """How the log contradicts what the vault remembers of it: to append would give it two histories."""
    try:
        known = office.vault.anchor.last()  # first: the log is never behind it
    except Tampered:
        return Notice("anchor_changed", ANCHOR, {}, 503)
    if known is None:
        return None
    size, _ = office.recorder.tree_head()
    if known[0] > size:
        return Notice("log_is_shorter", SHORTER, {"size": size, "known": known[0]}, 503)
    if root_at(office.recorder.tree_node, known[0]) != known[1]:
        return Notice("log_is_another", OTHER, {"known": known[0]}, 503)
    return None
