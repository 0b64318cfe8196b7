#!/bin/sh
# Hold what is read of the files of docs/seen.csv against their drawn pages, and write into it what became of each and why:
#
#   ./scripts/seen.sh FOLDER
#
# The files come from the public repositories of other projects, each as of one commit, into FOLDER/files; where MIRROR names a folder of
# clones (MIRROR/owner+name/repo), from there. What LibreOffice and Chromium draw of them stays in FOLDER/drawn. None of it is kept in this
# repository. It needs git, LibreOffice (Writer, Calc), Chromium and poppler-utils, and takes ten minutes, an hour the first time.
set -eu
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1/files" "$1/drawn"
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
while read -r repository commit; do
  git=${MIRROR:-$dir/repositories}/$(echo "$repository" | tr / +)/repo
  if [ ! -e "$git/HEAD" ]; then
    [ -e "$git/.git" ] || {
      git init -q "$git"
      git -C "$git" fetch -q --depth 1 "https://github.com/$repository" "$commit"
    }
    git=$git/.git
  fi
  grep ",$repository," "$here/docs/seen.csv" | sed 's/,'"$(echo "$repository" | sed 's|/|\\/|g')"',.*//' | awk -F, '{ print $NF }' | while read -r blob; do
    kind=$(grep ",$blob,$repository," "$here/docs/seen.csv" | cut -d, -f1)
    [ -s "$dir/files/$blob.$kind" ] || git --git-dir "$git" cat-file blob "$blob" >"$dir/files/$blob.$kind"
  done
done <<END
apache/poi a528d43590b3f71aa94310de881a35af887fdd0f
apache/tika 2b70202aaec3db48fd5ff4d996d974444a750a11
jsvine/pdfplumber 147f2c4c07dc1191fc1d05bb589b4f6af3aaf74a
mozilla/pdf.js 0f26334f9d6f96119f6e5164fb65832fbbde7344
ofdrw/ofdrw 7459e35082170061efa6b399a6518dbc219f08ac
plutext/docx4j c09797573256c0abac8529008df7336125ea5685
python-openxml/python-docx e45454602b53e8e572b179ccf1c91093ec9f4ed7
qax-os/excelize 8d26cbd932e8ff9e12dc42f7fef245baf7773b72
tdf/odftoolkit bfdef6ea3dc841d54b3a277e372ab59e51a824ac
END
cd "$here" && exec go run ./internal/dev/seen/compareseen -drawn "$dir/drawn" -list docs/seen.csv -pages 15 "$dir/files"
