#!/bin/sh
# Run once by the image postgres, on an empty volume: the program's own user, which owns one database and nothing else.
# The superuser keeps no password, so that nobody can be it over the network; inside the container it needs none.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE trustvoice LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE trustvoice OWNER trustvoice;
REVOKE ALL ON DATABASE trustvoice FROM PUBLIC;
ALTER ROLE postgres PASSWORD NULL;
SQL
