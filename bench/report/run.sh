#!/usr/bin/env bash
# Makes a report of 40 models × 48 blocks × 200 prompts with every position in a folder (3 GB, minutes), then times it in Chromium beside plotly.js.
# Needs node, npm and Chromium. `run.sh FOLDER [ROUNDS]`
set -euo pipefail
folder=$(realpath -m "$1") rounds=${2:-7}
cd "$(dirname "$0")/../.."
dotnet build -c Release -v q bench/Castalia.Benchmarks
dotnet build -c Release -v q src/Castalia.Cli
castalia=artifacts/bin/Castalia.Cli/release/castalia
dotnet artifacts/bin/Castalia.Benchmarks/release/Castalia.Benchmarks.dll report-models "$folder/models"
"$castalia" measure "$folder"/models/model-* --prompts "$folder/models/prompts.jsonl" --positions all --out "$folder/runs" >/dev/null
"$castalia" report --runs "$folder/runs" --out "$folder/report.html"
cd bench/report
npm ci --silent --no-audit --no-fund
node measure.mjs "$folder/report.html" "$rounds"
