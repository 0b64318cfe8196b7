#!/bin/sh
# Install what building and testing need on Debian 12: a C++ compiler and Tesseract with its models.
# As root it installs what is missing; otherwise it prints the line to run. Pass further package names
# (libreoffice-writer-nogui, …) to want them too.
set -eu
want="g++ pkg-config libtesseract-dev libleptonica-dev libjpeg-dev tesseract-ocr tesseract-ocr-eng tesseract-ocr-chi-sim $*"
missing=""
for p in $want; do
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" != 0 ]; then
  echo "missing packages; run this as root and try again:" >&2
  echo "  $line" >&2
  exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=600 -qq update
# shellcheck disable=SC2086 # a list of names
apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends $missing >/dev/null
