#!/bin/sh
# Brings history (the OpenMetrics files of `claude-usage-exporter backfill`) into the data folder of a Prometheus, once:
#
#   prometheus/import-history.sh FOLDER DATA
#
# FOLDER holds the files (*.om), DATA is what Prometheus has as --storage.tsdb.path. Run it as the user that Prometheus
# runs as, so that Prometheus can read what it makes; Prometheus may run meanwhile. It must keep data for as long as the
# history goes back (--storage.tsdb.retention.time=400d), or it removes the oldest at once.
#
# A file is removed when all of it is in. After a failure, run it again: it goes on with the file that failed. When all
# are in, DATA/history-imported says so, and nothing is done again while that file is there.
#
# Needs promtool and nothing else than a POSIX shell, so that it runs inside the image of Prometheus too.
set -eu

main() {
  [ $# -eq 2 ] || fail 'expected two arguments: the folder of the .om files and the data folder of Prometheus' 2
  folder=$1 data=$2
  marker=$data/history-imported stage=$data/history-import.tmp
  command -v promtool >/dev/null 2>&1 || fail 'promtool was not found: install Prometheus, or set PATH to where it is' 2
  [ -d "$data" ] || fail "there is no data folder $data: start Prometheus once, or make the folder for its user" 2
  if [ -e "$marker" ]; then
    say "was done before ($(cat "$marker")); remove $marker to do it again"
    return
  fi
  count=$(($(files | wc -l)))
  if [ "$count" -eq 0 ]; then
    say "no .om files in $folder: nothing to import"
    return
  fi
  : 2>/dev/null >"$data/.history-import" || fail "cannot write to $data as $(id -un 2>/dev/null || id -u): run this as the user of Prometheus" 2
  rm -f "$data/.history-import"
  import_all
}

import_all() {
  number=0
  for file in "$folder"/*.om; do
    number=$((number + 1))
    say "$number of $count: ${file##*/}"
    import "$file" || fail "${file##*/} is not imported (above is why); $((number - 1)) of $count files are. Put it right or remove it, then run this again" 1
    rm -f "$file" || fail "cannot remove $file, which is imported: remove it, then run this again" 1
  done
  date -u +%Y-%m-%dT%H:%M:%SZ >"$marker"
  say "done: $count files; queries see them within a minute after Prometheus is up"
}

# Blocks are made beside the data and moved in when all of the file are complete. Stopped between two of them, the next
# run brings the first in again: Prometheus takes the same sample twice for one.
import() {
  rm -rf "$stage" && mkdir -p "$stage/blocks" "$stage/tmp" || return 1
  # promtool reads the file once for each block. Of files of a day, blocks up to 162 hours (the shortest that hold nearly
  # always a day) took a third of the time of the usual two hours.
  TMPDIR=$stage/tmp promtool tsdb create-blocks-from openmetrics --quiet --max-block-duration=162h "$1" "$stage/blocks" ||
    return 1
  for block in "$stage/blocks"/*; do
    [ ! -e "$block" ] || mv "$block" "$data/" || return 1
  done
  rm -rf "$stage"
}

files() {
  for file in "$folder"/*.om; do
    [ ! -e "$file" ] || printf '%s\n' "${file##*/}"
  done
}

say() {
  printf 'history: %s\n' "$1"
}

fail() {
  [ -z "${stage-}" ] || rm -rf "$stage"
  printf 'history: error: %s.\n' "$1" >&2
  exit "$2"
}

main "$@"
