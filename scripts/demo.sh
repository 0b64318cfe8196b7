#!/bin/sh
# Convert the sample reports, the fax included, show what came out, and leave it beside the program.
set -eu
bin=${1:-bin/nianbao}
out=$(dirname "$bin")/demo
mkdir -p "$out"
for f in testdata/reports/*.docx testdata/reports/*.pdf testdata/reports/*.html testdata/reports/*.txt testdata/reports/*.tif; do
  echo "\$ nianbao convert $f"
  status=0
  "$bin" convert -o "$out" "$f" || status=$?
  case $status in 0 | 3) ;; *) exit "$status" ;; esac
done
fax=$out/broken_2021form.fax.json
echo
echo "\$ nianbao check broken_2021form.fax.json      # a faxed report that prints a wrong sum"
"$bin" check "$fax" || true
echo
echo "the first lines of its JSON:"
head -n 24 "$fax"
echo
echo "all of it: $fax, and the others in $out/"
