"""The application: put the parts together."""

from __future__ import annotations

import gc
from collections import Counter
from functools import cache

from fastapi import APIRouter, FastAPI

from web import kept, problems, resources
from web.acts import cases as case_acts
from web.acts import commitments as commitment_acts
from web.acts import contracts as contract_acts
from web.acts import corrections as correction_acts
from web.acts import parties as party_acts
from web.acts import procedure as procedure_acts
from web.acts import repairs as repair_acts
from web.acts.doing import Doing
from web.api import authority, conformance, docs, evenness, evidence, feed, imports, log, metrics, open_routes, openapi, planning, reads, refusals
from web.api import commitments as commitments_api
from web.api import delegations as delegations_api
from web.api import doings as api_doings
from web.api import invitations as invitations_api
from web.api import law as law_api
from web.api.manners import Manners
from web.crowd import Crowd
from web.evenness import like_decisions
from web.looks.looks import Looks
from web.looks.preferences import routes as look_routes
from web.naming import in_english
from web.office import Office
from web.pages import routers as page_routers
from web.pages.acts import ALL
from web.pages.frame import frame_of
from web.security import Guard


def all_doings(office: Office) -> tuple[Doing, ...]:
    """Every doing there is, in the order of the loop."""
    return (
        *party_acts.DOINGS,
        *contract_acts.DOINGS,
        *case_acts.doings(resources.still_open(office), like_decisions(office)),
        *repair_acts.DOINGS,
        *commitment_acts.DOINGS,
        *correction_acts.DOINGS,
        *procedure_acts.DOINGS,
    )


@cache
def _doings_api() -> APIRouter:
    """Made once a process: a body's schema costs more than anything else of an application."""
    return api_doings.router_of(ALL)


def _routers() -> list[APIRouter]:
    """In the order in which their routes are tried: first what anybody may ask, which is asked most."""
    own = [law_api, commitments_api, delegations_api, invitations_api, reads, evenness, conformance, planning, authority, evidence, imports, log, feed]
    return [open_routes.router, _doings_api(), *(one.router for one in own), docs.router, metrics.router, *page_routers()]


def create_app(office: Office) -> FastAPI:
    """The web application over an opened office."""
    app = FastAPI(
        title="Lvyue 履约",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.office, app.state.requests, app.state.waiting = office, Counter[tuple[str, int]](), Counter[str]()
    app.state.said = open_routes.Said()
    app.state.doings = {one.name: one for one in all_doings(office)}
    for one in app.state.doings.values():
        if one.may and one.on in resources.ROLES:
            resources.ROLES[one.on][one.may] = tuple({*resources.ROLES[one.on].get(one.may, ()), *one.roles})
    looks = Looks(
        frame=frame_of,
        today=lambda: office.today,
        source=office.settings.assets,
        folder=office.settings.data / "assets",
        cited=lambda basis: in_english(office.book, basis),
    )
    problems.install(app, looks)
    refusals.install(app)
    app.add_exception_handler(401, kept.not_signed_in)  # type: ignore[arg-type]
    app.router.routes += [route for router in _routers() for route in router.routes]
    app.router.routes += look_routes(looks)
    trusted = [office.settings.base_url.rstrip("/")] if office.settings.base_url else []
    openapi.describe(app)
    app.add_middleware(Manners, routes=app.router, stopped=office.follower.stopped)
    app.add_middleware(Crowd, rate=office.settings.rate, at_once=office.settings.at_once)
    app.add_middleware(Guard, source=office.settings.assets, trusted=trusted, answered=app.state.requests)
    return app


def serving(office: Office) -> FastAPI:
    """The application of a process that serves until it ends. What it is made of is never garbage, so the collector
    passes it over: looking through it all would hold a request up for a tenth of a second, one in fifteen."""
    app = create_app(office)
    gc.freeze()
    gc.enable()
    return app
