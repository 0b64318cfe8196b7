#!/bin/sh
# Build the servers that tests start, from the Go module proxy: versitygw (Apache-2.0), a store of objects that speaks S3, and
# River's UI (MPL-2.0), which compose.yaml names. They stay out of the repository and of the program.
set -eu
cd "$(dirname "$0")/.."
out="$PWD/internal/dev/servers/testdata"
for p in github.com/versity/versitygw/cmd/versitygw@v1.8.0 riverqueue.com/riverui/cmd/riverui@v0.22.0; do
  name=${p##*/}; name=${name%@*}
  if [ -x "$out/$name" ] && go version -m "$out/$name" | grep -q "mod.*${p##*@}"; then continue; fi
  echo "building $name (a minute or two)"
  mkdir -p "$out"
  # Elsewhere, so that this module's versions do not count.
  (cd / && CGO_ENABLED=0 GOFLAGS=-mod=mod GOBIN="$out" go install -trimpath "$p")
done
