import { channels, queueSchema as s } from './queue_names';

/**
 * What we add to pg-tbus's schema. Every statement may be repeated, and the role that connects needs no more
 * than to own the schema.
 *
 * The two functions run as their owner, so that the app's role can send without being able to read what other
 * schools have sent. They name every object with its schema: a caller's search_path must not choose it.
 */
export const queueSchemaSql = `
ALTER TABLE ${s}.tasks ADD COLUMN IF NOT EXISTS claimed_by text;
-- A task is updated two or three times in its life; the default waits until a fifth of the table is dead rows.
ALTER TABLE ${s}.tasks SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Claims come in the order of this index, so neither a long backlog nor a million of delayed tasks is ever
-- sorted or passed over. It does all that pg-tbus's own (queue, startafter) does.
CREATE INDEX IF NOT EXISTS rapt_tasks_claim ON ${s}.tasks (queue, startafter, id) WHERE state < 2;
DROP INDEX IF EXISTS ${s}.idx_get_tasks;
CREATE INDEX IF NOT EXISTS rapt_tasks_dead ON ${s}.tasks (completedon DESC) WHERE state IN (4, 6);
-- Old events are deleted by age every half minute.
CREATE INDEX IF NOT EXISTS rapt_events_age ON ${s}.events (created_at);

CREATE TABLE IF NOT EXISTS ${s}.rapt_workers (
  worker text PRIMARY KEY,
  lock_key integer NOT NULL,
  seen timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

CREATE OR REPLACE FUNCTION ${s}.rapt_send(rows jsonb, ids uuid[]) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  inserted bigint;
  standing uuid[];
BEGIN
  LOOP
    INSERT INTO ${s}.tasks
      (id, queue, data, retrylimit, retrydelay, retrybackoff, singleton_key, startafter, expirein, keepuntil)
    SELECT ids[x.n], x.queue, x.data, x.retrylimit, x.retrydelay, x.retrybackoff, x.singleton_key,
           now() + x.startafter * interval '1s', x.expirein * interval '1s',
           now() + (x.startafter + x.keep) * interval '1s'
    FROM ROWS FROM (jsonb_to_recordset(rows) AS
      ("queue" text, "data" jsonb, "retryLimit" integer, "retryDelay" integer, "retryBackoff" boolean,
       "singletonKey" text, "startAfterSeconds" float8, "expireInSeconds" float8, "keepInSeconds" float8))
      WITH ORDINALITY AS x
      (queue, data, retrylimit, retrydelay, retrybackoff, singleton_key, startafter, expirein, keep, n)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;
    IF inserted = cardinality(ids) THEN
      RETURN ids;
    END IF;

    -- Only a singleton key can have been in the way, and only a task sent by itself has one.
    SELECT array_agg(t.id) INTO standing FROM ${s}.tasks t
    WHERE t.queue = rows->0->>'queue' AND t.singleton_key = rows->0->>'singletonKey' AND t.state < 3;
    IF cardinality(standing) = cardinality(ids) THEN
      RETURN standing;
    END IF;
    -- It ended between the two statements: its key is free now.
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ${s}.rapt_publish(rows jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT ${s}.create_bus_events(rows);
$$;
REVOKE ALL ON FUNCTION ${s}.rapt_send(jsonb, uuid[]), ${s}.rapt_publish(jsonb) FROM PUBLIC;

-- pg-tbus numbers events in a trigger at commit, when before PostgreSQL 18 the publisher's own role acts again.
ALTER FUNCTION ${s}.proc_set_position() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;

-- Every commit with an event waits for one database-wide lock anyway, so here a notification costs nothing more.
CREATE OR REPLACE FUNCTION ${s}.rapt_announce_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('${channels.event}', '');
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER rapt_announce_event AFTER INSERT ON ${s}.events
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.rapt_announce_event();

-- Which text of this file the schema was last brought up to.
CREATE TABLE IF NOT EXISTS ${s}.rapt_schema (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), hash text NOT NULL);
`;
