-- The five roles. Run once by a superuser of the server; running it again changes nothing.
--   owner   owns the tables and migrates      app     what the website connects as
--   worker  scheduled jobs and the engine     backup  dumps
--   see     nobody signs in as it; it owns the functions that say which cases one may see
-- The app is NOINHERIT: being a member of worker gives it the right to SET ROLE and nothing else, on
-- PostgreSQL 15 as on 18. The owner inherits, else it would not own its own database's schema on 15.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spona_owner') THEN
    CREATE ROLE spona_owner LOGIN CREATEDB;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spona_app') THEN
    CREATE ROLE spona_app LOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spona_worker') THEN
    CREATE ROLE spona_worker LOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spona_backup') THEN
    CREATE ROLE spona_backup LOGIN BYPASSRLS NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spona_see') THEN
    CREATE ROLE spona_see NOLOGIN BYPASSRLS NOINHERIT;
  END IF;
  GRANT spona_see TO spona_owner;
  GRANT spona_worker TO spona_app;
END $$;
