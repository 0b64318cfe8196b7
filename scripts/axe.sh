#!/bin/sh
# Fetch axe-core (MPL-2.0), the accessibility checker that the tests of the desk run, from the npm registry. It stays out of
# the repository and of the program.
set -eu
cd "$(dirname "$0")/../internal/web/desk"
version=4.14.1
[ -f "testdata/axe/package/axe.min.js" ] && grep -q "\"version\": \"$version\"" testdata/axe/package/package.json && exit 0
command -v npm >/dev/null || ../../../scripts/setup.sh npm
mkdir -p testdata/axe
cd testdata/axe
npm pack --silent "axe-core@$version" >/dev/null
tar xzf "axe-core-$version.tgz"
rm "axe-core-$version.tgz"
