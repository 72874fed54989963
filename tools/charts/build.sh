#!/usr/bin/env bash
# Builds the part of ECharts that reports carry, from the versions of package-lock.json, and says whether it is what is committed.
# Needs node and npm. `build.sh --write` puts the result in place of what is committed.
set -euo pipefail
cd "$(dirname "$0")"
target=../../src/Castalia/Reports/Charts/echarts.min.js
built=$(mktemp)
trap 'rm -f "$built"' EXIT
npm ci --silent --no-audit --no-fund --ignore-scripts=false
npx esbuild charts.js --bundle --minify --format=iife --global-name=echarts --target=es2020 --charset=ascii --legal-comments=none --outfile="$built" --allow-overwrite --log-level=warning
if [[ ${1:-} == --write ]]; then
    cp "$built" "$target"
    cp node_modules/echarts/LICENSE "$(dirname "$target")/echarts-LICENSE.txt"
    cp node_modules/echarts/NOTICE "$(dirname "$target")/echarts-NOTICE.txt"
    (cd "$(dirname "$target")" && sha256sum echarts.min.js > echarts.min.js.sha256)
elif cmp -s "$built" "$target"; then
    echo "the committed build is the one that these versions give"
else
    echo "the committed build is another than these versions give" >&2
    exit 1
fi
