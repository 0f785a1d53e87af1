"""The views told again, a long log by several processes, each with this installation opened for itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from projections.temporal.fill import Desk, Elsewhere
from projections.temporal.rebuild import rebuild
from projections.temporal.view import View
from projections.views import VIEWS
from web.office import Office, open_office
from web.settings import Settings


def retell(views: Sequence[View], office: Office) -> None:
    """Build read models anew beside the living ones and swap them in. Raises Stopped."""
    elsewhere = Elsewhere(office.ledger.head(), partial(_desk, office.settings))
    rebuild(views, office.ledger, office.views, office.law_at, elsewhere=elsewhere)


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    office = open_office(settings)
    try:
        yield Desk(VIEWS, office.ledger, office.views, office.law_at)
    finally:
        office.close()
