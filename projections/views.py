"""All views there are: what is followed, rebuilt and verified."""

from projections import accounts, cases, commitments, contracts, loops, parties, payments, repairs, sanctions
from projections.temporal.view import View

VIEWS: tuple[View, ...] = (
    contracts.view, loops.view, cases.view, sanctions.view, repairs.view, parties.view, payments.view,
    commitments.view, accounts.view, accounts.organisation_view,
)  # fmt: skip
