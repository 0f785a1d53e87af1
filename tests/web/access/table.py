"""Who may ask what: the table of expectations. A route that does not stand here fails the test."""

from __future__ import annotations

# Letters: S supervisor, D decider, L legal, C chair, A applicant, U auditor, M administrator. Acts on one resource need
# the role there (in its region, for its party); who may see it but has not the role gets 403, everybody else 404.
ACTS: dict[str, dict[str, str]] = {
    "contracts": {
        "publication": "S", "works": "S", "filing": "S", "amendments": "S", "checks": "S", "checks/{check}/result": "S", "checks/{check}/cancellation": "S",
        "obligations/{ref}/fulfilment": "S", "obligations/{ref}/waiver": "S", "payments": "S", "findings": "SA", "excuses": "SA", "suspension": "S",
        "resumption": "S", "completion": "S", "termination": "S", "settlement": "S", "security-return": "S", "retention-release": "S",
        "corrections": "S", "assignment": "S", "procedure/{loop}/answer": "D",
    },
    "cases": {
        "notice": "S", "statement": "SA", "hearing": "SAC", "hearing-request": "SA", "hearing-notice": "S", "hearing-record": "C", "recusal": "D",
        "hand-over": "SD", "legal-review": "L", "collective-decision": "D", "referral": "S", "referral/answer": "S", "transfer": "D",
        "rectification": "SD", "rectification/report": "SA", "rectification/result": "S", "confirmation": "D", "dismissal": "D", "sanction": "D",
        "service": "S", "publication": "S", "fulfilment": "S", "objections": "SA", "objections/{objection}/decision": "D", "review": "SL", "review-end": "SL",
        "correction": "D", "reclassification": "D", "measures/{measure}/lifting": "S", "enforcement-demand": "S", "court-enforcement": "S", "revocation": "D",
        "withdrawal-of-publicity": "S", "touches/{touch}/answer": "D", "procedure/{loop}/answer": "D", "closure": "SD", "corrections": "SDLC",
    },
    "commitments": {
        "report": "AS", "fulfilment": "S", "breach": "SD", "withdrawal": "AS", "revocation": "SD", "procedure/{loop}/answer": "D", "corrections": "SD",
    },
    "repairs": {
        "supplement-request": "S", "supplement": "AS", "acceptance": "S", "rejection": "S", "verification": "S", "extension": "SD", "decision": "D",
        "acknowledgements": "S", "objections": "AS", "objections/{objection}/decision": "D",
        "procedure/{loop}/answer": "D", "false-material": "D", "withdrawal": "A",
        "revocation": "D", "corrections": "SDLC",
    },
}  # fmt: skip
# A new one of a kind, and acts on a party (parties know no region; offices and auditors know them all).
BIRTHS = {"contracts": "S", "repairs": "SA", "parties": "S", "commitments": "S"}
PARTY_ACTS = {"renaming": "S", "credit-checks": "SDL", "grades": "S", "good-behaviour": "S", "disclosures": "S", "disclosures/corrections": "S",
              "corrections": "S"}  # fmt: skip
READS = {  # of one resource: whoever may see it
    "contracts": ("", "/timeline", "/events", "/loops", "/deadlines/{loop}"),
    "cases": ("", "/repair-plan", "/deadlines/{loop}"),
    "repairs": ("", "/deadlines/{loop}"),
    "commitments": ("", "/deadlines/{loop}"),
    "parties": ("", "/standing", "/credit-file"),
}
# Anybody, without signing in.
OPEN = {
    "GET /healthz", "GET /readyz", "GET /api/v1/openapi.json", "GET /public/api/sanctions", "GET /public/api/parties/{id}",
    "GET /public/api/applications/{receipt}", "GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /lang/{choice}", "GET /text/{choice}",
    "GET /keys/{choice}", "GET /help", "GET /assets/htmx.min.js", "GET /favicon.ico", "GET /static/*", "GET /public", "GET /public/track",
    "GET /invitation", "POST /invitation", "POST /api/v1/invitations/acceptance",
    "POST /public/track", "GET /public/verify", "GET /public/{scheme}:{code:path}", "GET /problems/{name}", "GET /status",
}  # fmt: skip
# Whoever is signed in; what is in it is narrowed to what they may see.
SIGNED = {
    "GET /api/docs", "GET /api/v1/contracts", "GET /api/v1/cases", "GET /api/v1/repairs", "GET /api/v1/commitments", "GET /api/v1/parties", "GET /api/v1/desk",
    "GET /api/v1/statistics", "GET /api/v1/feed", "GET /api/v1/log/checkpoint", "GET /api/v1/log/proof/inclusion", "GET /api/v1/log/proof/consistency",
    "GET /api/v1/policy/packs", "GET /api/v1/policy/packs/{name}", "GET /api/v1/policy/packs/{name}/toml", "GET /api/v1/policy/calendar",
    "GET /policy", "GET /policy.csv", "GET /policy/calendar", "GET /policy/{name}",
    "POST /api/v1/evidence", "GET /api/v1/evidence/{digest}", "GET /evidence/{digest}", "GET /kept/{id}",
}  # fmt: skip
# Pages and the rest: the roles that may have them at all. What stands under an id is still only for who may see it.
ROLES = {
    "POST /api/v1/policy/calendar": "M", "GET /api/v1/policy/proposals": "M", "POST /api/v1/policy/proposals": "M",
    "POST /api/v1/policy/proposals/{digest}/adoption": "M", "POST /api/v1/policy/proposals/{digest}/drop": "M",
    "GET /administration/packs": "M", "POST /administration/packs": "M", "GET /administration/packs/{digest}": "M",
    "POST /administration/packs/{digest}/adoption": "M", "POST /administration/packs/{digest}/drop": "M", "POST /administration/calendar": "M",
    "GET /metrics": "M", "GET /statistics": "SDLCU",
    "GET /parties/{id}/authority-record": "SDLCU", "GET /api/v1/parties/{id}/authority-record": "SDLCU",
    "GET /parties/{id}/deadlines/{loop}": "SDLCU", "GET /api/v1/parties/{id}/deadlines/{loop}": "SDLCU",
    "GET /api/v1/log/entries": "U", "GET /api/v1/imports": "S", "POST /api/v1/imports": "S", "GET /api/v1/jobs/{id}": "S",
    "GET /api/v1/jobs/{id}/rejects": "S", "POST /api/v1/jobs/{id}/confirmation": "S", "POST /api/v1/jobs/{id}/cancellation": "S",
    "POST /api/v1/jobs/{id}/again": "S",
    "GET /": "SDLCAUM", "GET /contracts": "SDLCAUM", "GET /contracts.json": "SDLCAUM", "GET /contracts.xlsx": "SDLCAUM", "GET /contracts.csv": "SDLCAUM",
    "GET /cases": "SDLCAU", "GET /repairs": "SDLCAU", "GET /commitments": "SDLCAU", "GET /parties": "SDLCAU",
    **{f"GET /{name}.{kind}": roles for kind in ("csv", "xlsx", "json")
       for name, roles in (("cases", "SDLCU"), ("repairs", "SDLCU"), ("commitments", "SDLCU"), ("parties", "SDLCU"),
                                  ("desk", "SDLC"), ("audit", "U"), ("audit/access", "U"))},
    "GET /my": "A", "GET /my/repairs/new": "A", "GET /imports": "S", "POST /imports": "S", "GET /imports/template.xlsx": "S", "GET /jobs/{id}": "S",
    "POST /jobs/{id}/confirmation": "S", "POST /jobs/{id}/cancellation": "S", "POST /jobs/{id}/again": "S", "GET /jobs/{id}/rejects": "S",
    "GET /audit": "U", "GET /audit/access": "U", "GET /audit/spread": "U", "GET /api/v1/audit/spread": "U",
    "GET /audit/conformance": "U", "POST /audit/conformance": "U", "POST /api/v1/audit/conformance/findings": "U", "GET /api/v1/audit/conformance": "U",
     "GET /administration": "M", "GET /delegations": "SDLCM", "POST /delegations": "SDLCM", "POST /delegations/{name}/end": "SDLCM",
    "GET /api/v1/delegations": "SDLCM", "POST /api/v1/delegations": "SDLCM", "POST /api/v1/delegations/{name}/end": "SDLCM",
    "POST /administration/accounts": "M", "POST /administration/accounts/{name}/invitation": "M", "POST /api/v1/invitations": "M",
    "GET /policy-trials": "MU", "POST /policy-trials": "MU", "GET /policy-trials/{id}": "MU", "GET /policy-trials/{id}/trial.xlsx": "MU",
    "POST /policy-trials/{id}/cancellation": "MU",
    "POST /administration/accounts/{name}/grants": "M", "POST /administration/accounts/{name}/disabling": "M", "POST /administration/organisations": "M",
}  # fmt: skip
# Pages of one resource, by the kind of the id in them; beside the roles, only for who may see it.
PAGES = {
    "GET /contracts/{id}": ("contracts", "SDLCAUM"), "GET /contracts/{id}/deadlines/{loop}": ("contracts", "SDLCAUM"),
    "GET /cases/{id}/deadlines/{loop}": ("cases", "SDLCAUM"), "GET /repairs/{id}/deadlines/{loop}": ("repairs", "SDLCAUM"),
    "GET /commitments/{id}/deadlines/{loop}": ("commitments", "SDLCAUM"), "GET /commitments/{id}": ("commitments", "SDLCAUM"),
    "GET /commitments/{id}/why": ("commitments", "SDLCAUM"),
    "GET /m/{id}": ("contracts", "S"),
    "POST /m/{id}": ("contracts", "S"), "GET /cases/{id}": ("cases", "SDLCAUM"), "GET /repairs/{id}": ("repairs", "SDLCAUM"),
    "GET /parties/{scheme}:{code:path}": ("parties", "SDLCAUM"), "GET /my/cases/{id}": ("cases", "A"), "GET /my/repairs/{id}": ("repairs", "A"),
    "GET /my/cases/{id}/calendar.ics": ("cases", "A"),
    "GET /api/v1/cases/{id}/comparison": ("cases", "SDLCU"),
    "GET /contracts/{id}/why": ("contracts", "SDLCAUM"), "GET /cases/{id}/why": ("cases", "SDLCAUM"), "GET /repairs/{id}/why": ("repairs", "SDLCAUM"),
    "GET /parties/{scheme}:{code:path}/why": ("parties", "SDLCAUM"),
    "GET /contracts/{id}/interest/{ref}": ("contracts", "SDLCAUM"), "GET /api/v1/contracts/{id}/interest/{ref}": ("contracts", "SDLCAU"),
    "GET /audit/replay/{id}": ("contracts", "U"), "GET /letters/{kind}/{id}": ("cases", "SDLCAUM"),
}  # fmt: skip


def declared() -> set[str]:
    """Every route that the table knows, as `METHOD /path`."""
    known = OPEN | SIGNED | set(ROLES) | set(PAGES)
    for on, acts in ACTS.items():
        for act in acts:
            known |= {f"POST /api/v1/{on}/{{id}}/{act}", f"GET /{on}/{{id}}/{act}", f"POST /{on}/{{id}}/{act}"}
    for act in PARTY_ACTS:
        known |= {f"POST /api/v1/parties/{{id}}/{act}", f"GET /parties/{{id}}/{act}", f"POST /parties/{{id}}/{act}"}
    for on in BIRTHS:
        known |= {f"POST /api/v1/{on}", f"GET /{on}/new", f"POST /{on}/new"}
    for on, tails in READS.items():
        known |= {f"GET /api/v1/{on}/{{id}}{tail}" for tail in tails}
    return known
