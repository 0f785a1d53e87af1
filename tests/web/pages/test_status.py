"""The status page: little for anybody, each view for the office, a stopped view with its reason."""

import pytest

from projections.temporal.view import Standing
from tests.web.office import World
from tests.web.pages.reading import read, words


def test_anybody_is_told_whether_it_works_and_no_more(world: World) -> None:
    text = words(read(world, None, "/status"))
    assert "一切正常" in text
    assert "检查点" not in text
    assert "sanctions" not in text


def test_the_office_is_told_of_views_checkpoint_trial_and_version(world: World) -> None:
    text = words(read(world, "auditor", "/status"))
    for part in ("sanctions", "检查点", "试用库 是的", "版本 0."):
        assert part in text
    assert "sanctions" not in words(read(world, "company-a", "/status"))


def test_a_stopped_view_is_told_with_its_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.office, "standings", lambda: [Standing("cases", 3, "KeyError: number"), Standing("loops", world.office.ledger.head(), None)])
    text = words(read(world, "auditor", "/status"))
    assert "有 1 处不正常" in text
    assert "KeyError: number" in text
    assert "停在事件 3" in text
    assert "KeyError" not in words(read(world, None, "/status"))
