#!/usr/bin/env bash
# The pages as a site that opens from disk: docs/site/build.sh OUTDIR, then open OUTDIR/index.html.
# Needs Sphinx, MyST and Furo: apt-get install python3-sphinx python3-myst-parser furo. Warnings are errors.
set -euo pipefail
(($# == 1)) || { echo "usage: $0 OUTDIR" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
trees=$(mktemp -d)
trap 'rm -rf "$trees"' EXIT
/usr/bin/python3 -m sphinx -q -W --keep-going -n -b html -c "$root/docs/site" -d "$trees" "$root" "$1"
