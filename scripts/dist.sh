#!/bin/sh
# Build the release: for Linux and macOS on amd64 and arm64, and for Windows on amd64, a binary without cgo (scans are read
# through the tesseract program), with its documents, the sample reports that they convert, manual pages, shell completions, licences and a bill of materials, as
# dist/nianbao-VERSION-OS-ARCH.tar.gz, for Windows .zip, with SHA256SUMS. The same commit gives the same bytes.
set -eu
cd "$(dirname "$0")/.."
umask 022
version=${VERSION:-$(git describe --tags --always --dirty)}
revision=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH CGO_ENABLED=0
case $version in *[!A-Za-z0-9._+-]* | '') echo "dist: bad version \"$version\"" >&2; exit 2 ;; esac
ldflags="-s -w -X main.version=$version -X main.commit=$revision"
out=dist
rm -rf "$out"
mkdir -p "$out"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset GOOS GOARCH

build() { go build -trimpath -buildvcs=false -ldflags "$ldflags" "$@"; }

# What is the same for all: made by a program for this machine.
build -o "$tmp/nianbao" ./cmd/nianbao
build -tags man -o "$tmp/man" ./cmd/nianbao
mkdir -p "$tmp/all/man" "$tmp/all/completions"
"$tmp/man" "$tmp/all/man"
gzip -9n "$tmp"/all/man/*
"$tmp/nianbao" completion bash >"$tmp/all/completions/nianbao.bash"
"$tmp/nianbao" completion zsh >"$tmp/all/completions/_nianbao"
"$tmp/nianbao" completion fish >"$tmp/all/completions/nianbao.fish"
"$tmp/nianbao" version --licenses >"$tmp/all/LICENSES.txt"
cp -R LICENSE README.md README.zh-CN.md docs testdata "$tmp/all/"

for target in linux-amd64 linux-arm64 darwin-amd64 darwin-arm64 windows-amd64; do
  name=nianbao-$version-$target
  program=nianbao
  case $target in windows-*) program=nianbao.exe ;; esac
  cp -R "$tmp/all" "$tmp/$name"
  GOOS=${target%-*} GOARCH=${target#*-} build -o "$tmp/$name/$program" ./cmd/nianbao
  go run -trimpath ./internal/dev/sbom/makesbom -name "nianbao-$target" -version "$version" -binary "$tmp/$name/$program" >"$tmp/$name/sbom.spdx.json"
  if [ "$program" = nianbao.exe ]; then
    go run -trimpath ./internal/dev/pack "$tmp/$name" "$out/$name.zip" "$SOURCE_DATE_EPOCH"
    continue
  fi
  tar -C "$tmp" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
done
(cd "$out" && sha256sum ./*.tar.gz ./*.zip | sed 's, \./, ,' >SHA256SUMS && cat SHA256SUMS)
