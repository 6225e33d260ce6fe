-- The roles of one city's store on PostgreSQL, each with the least that it needs. Run once, after `heinola init`, as the
-- owner of the database:
--
--   psql "postgresql://owner@host/cities" -v schema=kouvola -f postgres-roles.sql
--
-- It makes three roles that nobody logs in as; give them to logins:
--
--   kouvola_reader      reads the log and the reports, and can verify them
--   kouvola_recorder    records: adds events, and reads the log; a transfer from the ledger needs no more
--   kouvola_controller  records, reads, and keeps the read models up to date, which it owns
--
--   CREATE ROLE liisa LOGIN PASSWORD '…' IN ROLE kouvola_controller;
--   ALTER ROLE liisa SET role = 'kouvola_controller'; -- so that what she builds belongs to all controllers
--
-- Nobody but the owner can change a table or send a trigger away. Do not let people log in as the owner.

\set ON_ERROR_STOP on
\if :{?schema} \else \set schema heinola \endif
SELECT :'schema' || '_reader' AS reader, :'schema' || '_recorder' AS recorder, :'schema' || '_controller' AS controller \gset

BEGIN;
SET LOCAL search_path = :"schema";

CREATE ROLE :"reader";
CREATE ROLE :"recorder";
CREATE ROLE :"controller" IN ROLE :"recorder";
GRANT USAGE ON SCHEMA :"schema" TO :"reader", :"recorder";

GRANT SELECT ON stored_events, tree_head, store_settings TO :"reader", :"recorder";
GRANT INSERT ON stored_events TO :"recorder";
-- The head of the tree is one row that moves with every append; a trigger lets it move forward only.
GRANT UPDATE (size, root, frontier, recorded) ON tree_head TO :"recorder";

-- Read models are the controllers' own, and disposable; everybody reads them.
GRANT CREATE ON SCHEMA :"schema" TO :"controller";
GRANT :"controller" TO CURRENT_USER;
SELECT format('ALTER TABLE %I OWNER TO %I', tablename, :'controller'),
       format('GRANT SELECT ON %I TO %I, %I', tablename, :'reader', :'recorder')
FROM pg_tables WHERE schemaname = :'schema' AND tablename LIKE 'rm\_%' \gexec
ALTER DEFAULT PRIVILEGES FOR ROLE :"controller" IN SCHEMA :"schema" GRANT SELECT ON TABLES TO :"reader", :"recorder";
COMMIT;
