#!/bin/sh
# Build the container images with the project's own Dockerfile and convert samples in them: without
# network, on a read-only root, without capabilities, as a user that nobody knows. What they print
# must be what the program prints outside, to the byte.
#
#   image.sh [--if-possible] [--engine docker|buildah] [TARGET...]      (targets: slim full)
#
# A Docker that runs is used as it is. Otherwise, as root on Debian 12: Debian's dockerd, started for
# the time of this script, or else buildah. Base images are pulled where a registry can be reached,
# and made locally from the machine's own Debian and Go where none can. --if-possible exits 0, with
# one line that says why, where no engine can be had. IMAGE_WORK keeps layers for the next run.
set -eu
cd "$(dirname "$0")/.."

optional='' engine='' targets=''
while [ $# -gt 0 ]; do
  case $1 in
  --if-possible) optional=1 ;;
  --engine) engine=$2; shift ;;
  slim | full) targets="$targets $1" ;;
  *) echo "image-test: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
targets=${targets:-slim full}
work=${IMAGE_WORK:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/nianbao-image}
mkdir -p "$work"
work=$(realpath "$work")
go_image=golang:1.26-bookworm
debian_image=debian:bookworm-slim
max_slim=220 # MB, uncompressed

log() { echo "image-test: [$(date +%T)] $*" >&2; }
die() { log "$*"; exit 1; }
cannot() {
  if [ -n "$optional" ]; then echo "image-test: skipped: $*"; exit 0; fi
  die "$*"
}
now() { date +%s.%N; }
since() { echo "$1 $(now)" | awk '{printf "%.1f s", $2 - $1}'; }

# ---- an engine -------------------------------------------------------------------------------

debian12() { [ "$(id -u)" = 0 ] && grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; }

install() { # install PACKAGE...: what is missing of them
  missing=''
  for p; do dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"; done
  [ -n "$missing" ] || return 0
  debian12 || return 1
  log "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # a list of names
  apt-get -o DPkg::Lock::Timeout=600 -qq update >"$work/apt.log" 2>&1 &&
    apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends $missing >>"$work/apt.log" 2>&1
}

stop_docker() {
  [ -s "$work/docker.pid" ] || return 0
  pid=$(cat "$work/docker.pid")
  kill "$pid" 2>/dev/null || :
  i=0
  while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.1; done
  for m in "$work"/docker-exec/netns/*; do umount "$m" 2>/dev/null || :; done
}

start_docker() {
  debian12 && install docker.io || return 1
  docker=/usr/bin/docker # Debian's own: a newer client in the PATH may lack its builder
  driver=overlay2
  grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || driver=vfs
  export DOCKER_HOST="unix://$work/docker.sock"
  $docker info >/dev/null 2>&1 && die "another run uses $work: wait for it, or set IMAGE_WORK"
  rm -f "$work/docker.pid"
  trap stop_docker EXIT
  trap 'exit 130' INT TERM
  # No bridge and no rules: nothing of the machine's network is touched. Builds use the host's.
  setsid dockerd --host "$DOCKER_HOST" --data-root "$work/docker" --exec-root "$work/docker-exec" --pidfile "$work/docker.pid" \
    --storage-driver "$driver" --bridge none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
    --userland-proxy=false >"$work/docker.log" 2>&1 &
  i=0
  until $docker version >/dev/null 2>&1; do
    i=$((i + 1))
    if [ $i -ge 60 ] || ! kill -0 $! 2>/dev/null; then stop_docker; return 1; fi
    sleep 0.5
  done
}

use_buildah() { [ "$(id -u)" = 0 ] && install buildah crun; }

build_network=''
docker=docker
case $engine in
'' | docker)
  if [ -z "$engine" ] && command -v docker >/dev/null && docker version >/dev/null 2>&1; then
    engine=docker
  elif start_docker; then
    engine=docker build_network='--network host'
  elif [ -z "$engine" ] && use_buildah; then
    engine=buildah
  else
    cannot "no container engine: docker is not running, and neither dockerd nor buildah can be started here$([ "$(id -u)" = 0 ] || echo ' (not root)')"
  fi ;;
buildah) use_buildah || cannot "buildah is not here and cannot be installed, or this is not root" ;;
*) die "unknown engine $engine" ;;
esac
export DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain

buildah_() { timeout "${limit:-3600}" buildah --root "$work/buildah" --runroot "$work/buildah-run" --storage-driver overlay "$@"; }

have() {
  if [ "$engine" = docker ]; then $docker image inspect "$1" >/dev/null 2>&1; else buildah_ inspect --type image "$1" >/dev/null 2>&1; fi
}
pull() {
  if [ "$engine" = docker ]; then timeout 300 $docker pull -q "$1"; else (limit=300; buildah_ pull -q "docker.io/library/$1"); fi >/dev/null 2>&1
}
build() { # build TAG CONTEXT [ARGUMENT...]
  tag=$1 context=$2
  shift 2
  if [ "$engine" = docker ]; then
    # shellcheck disable=SC2086 # a list of arguments
    $docker build $build_network -t "$tag" "$@" "$context"
  else
    buildah_ bud --isolation chroot --network host --pull-never --layers -t "localhost/$tag" "$@" "$context"
  fi >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; die "building $tag failed; all of it is in $work/build.log"; }
}

# ---- the bases -------------------------------------------------------------------------------

# make_debian makes what debian:bookworm-slim is: required packages and apt, no manuals, no
# translations, no packages kept in layers.
make_debian() {
  install mmdebstrap || cannot "no registry can be reached, and mmdebstrap, which would make the base image, cannot be installed"
  printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/man/*' \
    'path-exclude=/usr/share/groff/*' 'path-exclude=/usr/share/lintian/*' 'path-exclude=/usr/share/locale/*' >"$work/dpkg.cfg"
  {
    printf '%s { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };\n' DPkg::Post-Invoke APT::Update::Post-Invoke
    printf 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";\nAcquire::Languages "none";\n'
    apt-config dump | grep -iE '^Acquire::https?::.*proxy' || :
  } >"$work/apt.conf"
  sources=/etc/apt/sources.list.d/debian.sources
  [ -s $sources ] || sources=/etc/apt/sources.list
  # shellcheck disable=SC2016 # $1 is the hook's
  mmdebstrap --variant=minbase --mode=root --quiet --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --dpkgopt="$work/dpkg.cfg" \
    --customize-hook="cp '$work/apt.conf' \"\$1/etc/apt/apt.conf.d/docker-clean\"" \
    --customize-hook='rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*; : >"$1/etc/resolv.conf"; rm -f "$1/etc/hostname"' \
    bookworm "$work/debian.tar" "$sources" >"$work/mmdebstrap.log" 2>&1 || { tail -n 5 "$work/mmdebstrap.log" >&2; die "making $debian_image failed"; }
  path=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  if [ "$engine" = docker ]; then
    $docker import -c 'CMD ["bash"]' -c "ENV $path" "$work/debian.tar" $debian_image >/dev/null
  else
    c=$(buildah_ from scratch)
    buildah_ add -q "$c" "$work/debian.tar" / >/dev/null
    buildah_ config --cmd bash --env "$path" "$c"
    buildah_ commit -q --rm "$c" localhost/$debian_image >/dev/null
  fi
  rm -f "$work/debian.tar"
}

# make_go makes what golang:…-bookworm is: compilers, and this machine's Go and certificates.
make_go() {
  rm -rf "$work/golang"
  mkdir "$work/golang"
  cp -a "$(go env GOROOT)" "$work/golang/go"
  cp -L /etc/ssl/certs/ca-certificates.crt "$work/golang/"
  cat >"$work/golang/Dockerfile" <<X
FROM $debian_image
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ gcc git libc6-dev make pkg-config && rm -rf /var/lib/apt/lists/*
COPY go /usr/local/go
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV GOTOOLCHAIN=local GOPATH=/go GOPROXY=$(go env GOPROXY) GOSUMDB=$(go env GOSUMDB) PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /go
X
  build $go_image "$work/golang"
  rm -rf "$work/golang"
}

for base in $debian_image $go_image; do
  if have "$base" || pull "$base"; then continue; fi
  start=$(now)
  case $base in debian:*) make_debian ;; *) make_go ;; esac
  log "$base: no registry, made here in $(since "$start")"
done

# ---- build -----------------------------------------------------------------------------------

version=${VERSION:-image-test} revision=${REVISION:-}
for t in $targets; do
  start=$(now)
  build "nianbao:$t" . --target "$t" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
    --build-arg "GO_IMAGE=$go_image" --build-arg "DEBIAN_IMAGE=$debian_image"
  log "nianbao:$t built in $(since "$start")"
done
export GOFLAGS="${GOFLAGS:-} -buildvcs=false"
CGO_ENABLED=1 go build -ldflags "-X main.version=$version -X main.commit=$revision" -o "$work/nianbao" ./cmd/nianbao

# ---- try -------------------------------------------------------------------------------------

if [ "$engine" = docker ]; then
  # shellcheck disable=SC2086 # options that callers add
  in_image() { # in_image TARGET OPTIONS COMMAND...: OPTIONS is one word of further options
    t=$1 options=$2 command=$3
    shift 3
    $docker run --rm --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --user 12345:12345 \
      -v "$tmp/in:/work:ro" $options --entrypoint "$command" "nianbao:$t" "$@"
  }
  megabytes() { $docker image inspect "nianbao:$1" --format '{{.Size}}' | awk '{printf "%.1f", $1 / 1e6}'; }
else
  # buildah has no read-only root and no network of its own here: user and capabilities are as above.
  in_image() {
    t=$1 options=$2
    shift 2
    c=$(buildah_ from --pull-never "localhost/nianbao:$t")
    status=0
    # shellcheck disable=SC2086 # options that callers add
    buildah_ run --isolation chroot --cap-drop all --user 12345:12345 -v "$tmp/in:/work:ro" $options "$c" -- "$@" || status=$?
    buildah_ rm "$c" >/dev/null
    return $status
  }
  megabytes() { buildah_ images --format '{{.Size}}' "localhost/nianbao:$1" | awk '{print $1 * ($2 == "GB" ? 1000 : 1)}'; }
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"; stop_docker' EXIT
chmod 755 "$tmp"
mkdir "$tmp/in" "$tmp/two" "$tmp/out" "$tmp/empty"
cp testdata/reports/*.pdf testdata/reports/*.docx testdata/reports/*.html testdata/reports/*.txt testdata/reports/*.tif "$tmp/in/"
cp testdata/reports/county_2021form.docx testdata/reports/bureau_2019form.html "$tmp/two/"
chmod -R a+rX "$tmp/in" "$tmp/two"
failed=0
passed=0
check() { # check NAME COMMAND...
  name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); log "FAILED: $name"; fi
}

same() { # same TARGET OPTIONS FILE: the same bytes and the same exit status as outside
  a=0 b=0
  (cd "$tmp/in" && OMP_THREAD_LIMIT=1 "$work/nianbao" convert "$3") >"$tmp/outside.json" 2>"$tmp/outside.err" || a=$?
  in_image "$1" "$2" nianbao convert "$3" >"$tmp/inside.json" 2>"$tmp/inside.err" || b=$?
  [ -s "$tmp/outside.json" ] && [ $a = $b ] && cmp "$tmp/outside.json" "$tmp/inside.json" && return
  sed 's/^/  outside: /' "$tmp/outside.err" | head -n 5 >&2
  sed 's/^/  inside:  /' "$tmp/inside.err" | head -n 5 >&2
  log "exit status $b, outside $a"
  return 1
}
quick() { # quick TARGET: the engine's cache is used; compiling it takes four seconds of CPU
  in_image "$1" '' bash -c 'TIMEFORMAT="%R %U"; time nianbao convert --no-review-exit city_2021form.pdf >/dev/null' 2>"$tmp/time" || return 1
  log "$1: a first conversion (3 pages of PDF) takes $(awk '{print $1 " s, " $2 " s of CPU"}' "$tmp/time")"
  awk '{exit !($2 < 2)}' "$tmp/time"
}
small() { mb=$(megabytes "$1") && awk "BEGIN {exit !($mb > 100 && ($mb < $max_slim || \"$1\" != \"slim\"))}"; }
owned() { # owned TARGET: a batch of a host user's folder, and files that are that user's
  rm -rf "$tmp/out"
  mkdir "$tmp/out"
  chown 12345:12345 "$tmp/out" 2>/dev/null || chmod 777 "$tmp/out"
  in_image "$1" "-v $tmp/two:/in:ro -v $tmp/out:/out" nianbao batch /in -o /out --no-review-exit 2>"$tmp/batch.err" || { tail -n 5 "$tmp/batch.err" >&2; return 1; }
  [ "$(find "$tmp/out/json" -name '*.json' | wc -l)" = 2 ] && [ "$(find "$tmp/out" -type f -exec stat -c %u {} + | sort -u)" = 12345 ]
}
watched() { # watched TARGET: compose.yaml's service converts what arrives, and stops when told
  rm -rf "$tmp/out" "$tmp/arrivals"
  mkdir "$tmp/out" "$tmp/arrivals"
  chown 12345:12345 "$tmp/out" 2>/dev/null || chmod 777 "$tmp/out"
  c=$($docker run -d --init --network none --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --user 12345:12345 \
    -v "$tmp/arrivals:/in:ro" -v "$tmp/out:/out" "nianbao:$1" batch /in -o /out --watch --stable 1s)
  sleep 2
  cp "$tmp/two/county_2021form.docx" "$tmp/arrivals/.part" && mv "$tmp/arrivals/.part" "$tmp/arrivals/late.docx"
  i=0
  until [ -n "$(find "$tmp/out/json" -name '*.json' 2>/dev/null)" ] || [ $i -ge 120 ]; do i=$((i + 1)); sleep 0.5; done
  $docker stop -t 20 "$c" >/dev/null
  status=$($docker inspect "$c" --format '{{.State.ExitCode}}')
  $docker logs "$c" >"$tmp/watch.log" 2>&1
  $docker rm "$c" >/dev/null
  [ $i -lt 120 ] && [ "$status" != 137 ] && return
  log "exit status $status"
  tail -n 5 "$tmp/watch.log" >&2
  return 1
}
bill() { in_image "$1" '' cat /usr/share/doc/nianbao/sbom.spdx.json >"$tmp/sbom.json" && grep -q '"SPDX-2.3"' "$tmp/sbom.json" && grep -q '"name": "libtesseract5"' "$tmp/sbom.json"; }
licences() { in_image "$1" '' nianbao version --licenses >"$tmp/licences" && grep -q 'github.com/tetratelabs/wazero' "$tmp/licences"; }
office() { # only the full image has LibreOffice; the note is no report, which --any lets pass
  printf '{\\rtf1\\ansi\\pard Annual report\\par}' >"$tmp/in/note.rtf"
  status=0
  in_image "$1" '' nianbao convert --any --no-review-exit note.rtf >"$tmp/rtf.json" 2>"$tmp/rtf.err" || status=$?
  rm -f "$tmp/in/note.rtf"
  case $1 in
  full) [ $status = 0 ] && grep -q LibreOffice "$tmp/rtf.json" ;;
  slim) [ $status = 1 ] && grep -q libreoffice-writer-nogui "$tmp/rtf.err" ;;
  esac
}

for t in $targets; do
  log "nianbao:$t is $(megabytes "$t") MB uncompressed"
  check "$t: size" small "$t"
  check "$t: start" quick "$t"
  for f in "$tmp"/in/*; do check "$t: $(basename "$f")" same "$t" '' "$(basename "$f")"; done
  check "$t: an engine cache that is empty and read-only" same "$t" "-v $tmp/empty:/cache:ro -e NIANBAO_CACHE=/cache" city_2021form.pdf
  check "$t: a host user's files" owned "$t"
  if [ "$engine" = docker ]; then check "$t: a watched folder" watched "$t"; fi
  check "$t: bill of materials" bill "$t"
  check "$t: licences" licences "$t"
  check "$t: LibreOffice" office "$t"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
