#!/bin/sh
# In the image of PostgreSQL: run roles.sql once, when the data folder is new.
set -eu
secret() { cat "/run/secrets/$1_password"; }
psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=kollegial_owner_password="$(secret kollegial_owner)" \
    --set=kollegial_bot_password="$(secret kollegial_bot)" \
    --set=urn_owner_password="$(secret urn_owner)" \
    --set=urn_bot_password="$(secret urn_bot)" \
    --file=/etc/kollegial/roles.sql
