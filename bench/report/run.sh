#!/usr/bin/env bash
# Makes a report of 40 models × 48 blocks × 200 prompts with every position (3 GB, minutes), then times it in Chromium beside plotly.js: one table.
# Needs node, npm, Chromium and the .NET SDK. `run.sh [FOLDER] [ROUNDS]`: a folder that is kept serves again; without one a temporary folder is removed in the end.
set -euo pipefail
rounds=${2:-7}
if [[ -n ${1:-} ]]; then
    folder=$(realpath -m "$1")
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
cd "$(dirname "$0")/../.."
dotnet build -c Release -v q --nologo bench/Castalia.Benchmarks >&2
dotnet build -c Release -v q --nologo src/Castalia.Cli >&2
castalia=artifacts/bin/Castalia.Cli/release/castalia
if [[ ! -e $folder/models/prompts.jsonl ]]; then
    dotnet artifacts/bin/Castalia.Benchmarks/release/Castalia.Benchmarks.dll report-models "$folder/models" >&2
fi
if ! compgen -G "$folder/runs/*/manifest.json" >/dev/null; then
    "$castalia" measure "$folder"/models/model-* --prompts "$folder/models/prompts.jsonl" --positions all --out "$folder/runs" >/dev/null
fi
rm -f "$folder/report.html"
"$castalia" report --runs "$folder/runs" --out "$folder/report.html"
cd bench/report
npm ci --silent --no-audit --no-fund >&2
node measure.mjs "$folder/report.html" "$rounds"
