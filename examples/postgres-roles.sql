-- The roles of one city's store on PostgreSQL, each with the least that it needs. Run it after `heinola init`, and again
-- after `heinola store upgrade`, as the owner of the store:
--
--   psql "postgresql://owner@host/cities" -v schema=kouvola -f postgres-roles.sql
--
-- It makes three roles that nobody logs in as; give them to logins:
--
--   kouvola_reader      reads the log and the reports, and can verify them
--   kouvola_recorder    records: adds events, and reads the log; a transfer from the ledger needs no more
--   kouvola_controller  records, reads, and keeps the read models up to date, whose schema it owns
--
--   CREATE ROLE liisa LOGIN PASSWORD '…' IN ROLE kouvola_controller;
--
-- Nobody but the owner can change a table of the log, send a trigger away, or make anything in the log's schema: what
-- stands there is found by whoever records. Do not let people log in as the owner.

\set ON_ERROR_STOP on
\if :{?schema} \else \set schema heinola \endif
SELECT :'schema' || '_reader' AS reader, :'schema' || '_recorder' AS recorder, :'schema' || '_controller' AS controller,
    CASE WHEN length(:'schema') <= 58 THEN :'schema'
        ELSE left(:'schema', 49) || '_' || left(encode(sha256(convert_to(:'schema', 'UTF8')), 'hex'), 8)
    END || '_read' AS read_schema, length(:'schema') > 52 AS too_long \gset
\if :too_long
    DO $$ BEGIN RAISE EXCEPTION 'roles are named after the schema, which may have 52 letters at most'; END $$;
\endif

BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'reader', :'recorder', :'controller']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
GRANT :"recorder" TO :"controller";

GRANT USAGE ON SCHEMA :"schema" TO :"reader", :"recorder";
GRANT SELECT ON :"schema".stored_events, :"schema".tree_head, :"schema".store_settings, :"schema".kept_reports,
    :"schema".kept_names TO :"reader", :"recorder";
GRANT INSERT ON :"schema".stored_events, :"schema".kept_reports, :"schema".kept_names TO :"recorder";
-- To lock the head of the tree; only the log's own trigger moves it.
GRANT UPDATE (only_row) ON :"schema".tree_head TO :"recorder";
-- Where the log requires that its head is signed, whoever records leaves their signature there.
SELECT format('GRANT SELECT ON %I.head_signature TO %I, %I', :'schema', :'reader', :'recorder'),
       format('GRANT UPDATE (note) ON %I.head_signature TO %I', :'schema', :'recorder')
FROM pg_tables WHERE schemaname = :'schema' AND tablename = 'head_signature' \gexec

-- Read models are the controllers' own, and disposable; everybody reads them.
SELECT format('GRANT %I TO %I', :'controller', tableowner)
FROM pg_tables WHERE schemaname = :'schema' AND tablename = 'stored_events' \gexec
ALTER SCHEMA :"read_schema" OWNER TO :"controller";
GRANT USAGE ON SCHEMA :"read_schema" TO :"reader", :"recorder";
SELECT format('ALTER TABLE %I.%I OWNER TO %I', schemaname, tablename, :'controller'),
       format('GRANT SELECT ON %I.%I TO %I, %I', schemaname, tablename, :'reader', :'recorder')
FROM pg_tables WHERE schemaname = :'read_schema' \gexec
ALTER DEFAULT PRIVILEGES FOR ROLE :"controller" IN SCHEMA :"read_schema"
    GRANT SELECT ON TABLES TO :"reader", :"recorder";
COMMIT;
