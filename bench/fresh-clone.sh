#!/usr/bin/env bash
# From git clone to the first table of the README's first commands, commits of this repository in turn:
#
#   bench/fresh-clone.sh ROUNDS COMMIT [COMMIT…]
#
# One round that is not counted puts the packages of every commit into NuGet's cache. Prints seconds of each, then medians and their ratio to the first commit's.
set -euo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
if (($# < 2)) || [[ ! $1 =~ ^[1-9][0-9]*$ ]]; then
    echo "usage: bench/fresh-clone.sh ROUNDS COMMIT [COMMIT…]" >&2
    exit 2
fi
repository=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
rounds=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# once COMMIT: its seconds, until the command is built and until its first table.
once() {
    local folder=$work/clone start built end
    rm -rf "$folder"
    start=$(date +%s%N)
    git clone -q "$repository" "$folder"
    git -C "$folder" checkout -q "$1"
    if ! (cd "$folder" && dotnet publish src/Castalia.Cli -c Release -o "$work/out" -v q --nologo) >"$work/log" 2>&1; then
        cat "$work/log" >&2
        return 1
    fi
    built=$(date +%s%N)
    (cd "$work" && XDG_CACHE_HOME=$work/cache out/castalia measure) >"$work/table" 2>"$work/log" || { cat "$work/log" >&2; return 1; }
    end=$(date +%s%N)
    rm -rf "$work/out" "$work/cache" "$work/runs"
    echo "$(((built - start) / 1000000)) $(((end - start) / 1000000))"
}

for commit; do once "$commit" >/dev/null; done
for ((round = 1; round <= rounds; round++)); do
    for commit; do
        read -r built table < <(once "$commit")
        printf '%s  built %5.1f s  table %5.1f s\n' "$commit" "${built}e-3" "${table}e-3"
        echo "$table" >>"$work/of-$commit"
    done
done
median() { sort -n "$work/of-$1" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'; }
first=$(median "$1")
for commit; do awk -v c="$commit" -v t="$(median "$commit")" -v f="$first" 'BEGIN { printf "%s  median %.1f s  ratio %.2f\n", c, t / 1000, t / f }'; done
