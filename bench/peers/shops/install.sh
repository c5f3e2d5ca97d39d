#!/bin/sh
# Installs the peers into a folder of their own: sh bench/peers/shops/install.sh FOLDER   (Python 3.11 and Node 20; about 3 minutes)
set -eu
folder=${1:?"where to? a folder outside the repository"}
mkdir -p "$folder/vendure"
python3.11 -m venv "$folder/oscar"
"$folder/oscar/bin/pip" install -q --disable-pip-version-check django-oscar==4.2.1 granian==2.8.7 Whoosh==2.7.4 'psycopg[binary]==3.3.9'
cd "$folder/vendure"
[ -f package.json ] || echo '{"name": "peer-vendure", "private": true}' > package.json
npm install --no-audit --no-fund --loglevel=error @vendure/core@3.7.3 better-sqlite3@12 pg@8
echo "installed in $folder"
