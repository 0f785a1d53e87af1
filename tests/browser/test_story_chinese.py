"""Story 3 in Chinese on a wide screen, in a real Chromium."""

from collections.abc import Callable

import pytest

from tests.browser.server import Site
from tests.browser.story import Cast, walk
from tests.browsing import Visit

pytestmark = pytest.mark.browser


def test_story_3(site: Site, visit: Callable[..., Visit]) -> None:
    walk(Cast(site, visit, "zh-CN", 1280, True))
