#!/bin/sh
# Run once by the postgres image when its volume is empty, and by hand against any other server:
#   PGHOST=… POSTGRES_USER=postgres RAPT_DB_PASSWORD=… sh deploy/create_database.sh
# Our role owns its database and may create roles, but is no superuser; so the extensions, which only a
# superuser may install, stand in the template first. (The embedded server does the same in prepare_database.ts.)
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=template1 \
  --set=password="$RAPT_DB_PASSWORD" <<'SQL'
create extension if not exists ltree;
create extension if not exists pgcrypto;
create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create role rapt login createrole password :'password';
\connect postgres
create database rapt owner rapt;
SQL
