"""Every event there is, known to whoever opens an office: an event's class is registered when its module is imported."""

from domain import evidence, index
from domain.access import events as access
from domain.breach import events as breach
from domain.contract import events as contract
from domain.contract import procurement
from domain.party import events as party
from domain.policy import events as policy
from domain.repair import events as repair

MODULES = (access, breach, contract, evidence, index, party, policy, procurement, repair)
