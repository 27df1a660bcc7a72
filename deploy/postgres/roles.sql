-- The two databases and their four roles, made once by a superuser:
--
--     psql --set=ON_ERROR_STOP=1 \
--          --set=kollegial_owner_password=... --set=kollegial_bot_password=... \
--          --set=urn_owner_password=...       --set=urn_bot_password=... \
--          --file=deploy/postgres/roles.sql
--
-- An owner changes the schema, with `kollegial migrate`. A bot's role reads and writes rows. No
-- role reaches the other database: nothing may join them.

CREATE ROLE kollegial_owner LOGIN PASSWORD :'kollegial_owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE kollegial_bot LOGIN PASSWORD :'kollegial_bot_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE urn_owner LOGIN PASSWORD :'urn_owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE urn_bot LOGIN PASSWORD :'urn_bot_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;

CREATE DATABASE kollegial OWNER kollegial_owner;
CREATE DATABASE urn OWNER urn_owner;
REVOKE ALL ON DATABASE kollegial, urn FROM PUBLIC;
GRANT CONNECT ON DATABASE kollegial TO kollegial_bot;
-- Every night the urn is written anew in random order, by way of temporary tables.
GRANT CONNECT, TEMPORARY ON DATABASE urn TO urn_bot;

\connect kollegial
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kollegial_bot;
ALTER DEFAULT PRIVILEGES FOR ROLE kollegial_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kollegial_bot;
ALTER DEFAULT PRIVILEGES FOR ROLE kollegial_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO kollegial_bot;
-- Every night the tables are written anew, so that nothing is left of what was deleted. Before
-- PostgreSQL 17 there is no such privilege: let the owner run VACUUM FULL now and then.
DO $$ BEGIN IF current_setting('server_version_num')::int >= 170000 THEN
    ALTER DEFAULT PRIVILEGES FOR ROLE kollegial_owner IN SCHEMA public
        GRANT MAINTAIN ON TABLES TO kollegial_bot; END IF; END $$;

\connect urn
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO urn_bot;
ALTER DEFAULT PRIVILEGES FOR ROLE urn_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO urn_bot;
