"""依规办理: a history held against the declared loops and the declared rules of procedure; each deviation with its clause and owner."""

from domain.conformance.deviation import AUTHORITY, Deviation
from domain.conformance.history import deviations

__all__ = ["AUTHORITY", "Deviation", "deviations"]
