"""The functions by which PostgreSQL appends: one call when nobody else has, else one to look and one to write."""

APPEND_LOCK = 465844139365  # written out in the functions below, which must stay as they are

# The lock is held to the commit, so that positions become visible in order; vacuum does not mind it.
# Each statement has a snapshot of its own, taken after the lock is held.
BEGIN = """
CREATE OR REPLACE FUNCTION ledger_begin(streams uuid[], asked uuid[],
    OUT size bigint, OUT root bytea, OUT frontier bytea, OUT last_position bigint, OUT last_recorded text,
    OUT versions bigint[],
    OUT done uuid[], OUT accounts text[], OUT digests text[], OUT firsts bigint[], OUT lasts bigint[])
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(465844139365);
    SELECT h.size, h.root, h.frontier INTO STRICT size, root, frontier FROM tree_head h;
    SELECT position, recorded_at INTO last_position, last_recorded FROM events e ORDER BY e.position DESC LIMIT 1;
    IF cardinality(streams) > 0 THEN
        versions := ARRAY(SELECT (SELECT max(originator_version) FROM events WHERE originator_id = stream)
                          FROM unnest(streams) WITH ORDINALITY AS one(stream, n) ORDER BY n);
    END IF;
    IF cardinality(asked) > 0 THEN
        SELECT array_agg(id), array_agg(account), array_agg(body_digest), array_agg(c.first_position),
               array_agg(c.last_position)
        INTO done, accounts, digests, firsts, lasts FROM commands c WHERE c.id = ANY(asked);
    END IF;
END $$
"""

# Takes stores.ledger.append.Written as JSON: one value is quickly sent, where seventeen arrays are not.
_ROWS = """
    WITH happened AS (
        INSERT INTO events (position, originator_id, originator_version, topic, state, recorded_at)
        SELECT (e->>0)::bigint, (e->>1)::uuid, (e->>2)::bigint, e->>3, decode(e->>4, 'base64'), e->>5
        FROM jsonb_array_elements(told->'events') AS e
    ), grown AS (
        INSERT INTO tree_nodes (level, idx, hash)
        SELECT (n->>0)::int, (n->>1)::bigint, decode(n->>2, 'base64') FROM jsonb_array_elements(told->'nodes') AS n
    )
    INSERT INTO commands (id, account, body_digest, first_position, last_position)
    SELECT (c->>0)::uuid, c->>1, c->>2, (c->>3)::bigint, (c->>4)::bigint
    FROM jsonb_array_elements(told->'commands') AS c;
"""
_HEAD = """
    UPDATE tree_head SET size = (told->>'size')::bigint, root = decode(told->>'root', 'base64'),
        frontier = decode(told->>'frontier', 'base64')
"""

WRITE = """
CREATE OR REPLACE FUNCTION ledger_write(told jsonb) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    <rows> <head>;
END $$
""".replace("<rows>", _ROWS).replace("<head>", _HEAD)

# The whole append at once, for who knows how the log stood last: nothing is written unless it stands so still.
APPEND = """
CREATE OR REPLACE FUNCTION ledger_append(known bigint, known_root bytea, claims jsonb, told jsonb) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(465844139365);
    <head>
    WHERE size = known AND root = known_root AND known = (SELECT coalesce(max(position), 0) FROM events)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(claims) AS c
                      WHERE (c->>1)::bigint <> (SELECT coalesce(max(originator_version), 0) FROM events
                                                WHERE originator_id = (c->>0)::uuid));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    <rows>
    RETURN true;
END $$
""".replace("<rows>", _ROWS).replace("<head>", _HEAD)

FUNCTIONS = (BEGIN, WRITE, APPEND)
