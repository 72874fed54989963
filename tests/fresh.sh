#!/usr/bin/env bash
# A machine that never saw castalia: an empty HOME, no NuGet cache, and the README's words. What tools/pack.sh has put into a folder is installed from there
# and makes the first table, which must be the one the README shows.
#
#   tests/fresh.sh PACKAGES
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
packages=$(cd "${1:?usage: tests/fresh.sh PACKAGES}" && pwd)
machine=$(mktemp -d)
trap 'rm -rf "$machine"' EXIT
mkdir "$machine/home" "$machine/copy"
ln -s "$packages" "$machine/copy/packages"
for file in "$packages"/castalia-*.tar.gz; do [[ -e $file ]] && ln -s "$file" "$machine/copy/"; done

# block TEXT: the README's lines of code, of the one block with that text in it.
block() { awk -v text="$1" '/^```/ { if (inside && index(lines, text)) printf "%s", lines; inside = !inside; lines = ""; next } inside { lines = lines $0 "\n" }' "$here/README.md"; }

# shows TEXT FILE: each part of that block, between lines of …, stands in the file.
shows() {
    local expected printed part
    expected=$(block "$1") printed=$(cat "$2")
    [[ -n $expected ]] || { echo "no block of the README has '$1'"; return 1; }
    while [[ -n $expected ]]; do
        part=${expected%%$'\n…\n'*}
        if [[ $printed != *"$part"* ]]; then printf 'not printed as the README shows it:\n%s\n' "$part"; return 1; fi
        if [[ $part == "$expected" ]]; then return; fi
        expected=${expected#*$'\n…\n'}
    done
}

# try NAME TEXT: the lines of that block but those that make the packages, in a shell of that machine.
try() {
    echo "== $1"
    block "$2" | grep -v '^tools/pack.sh' >"$machine/lines" || { echo "no block of the README has '$2'"; exit 1; }
    sed 's/^/    /' "$machine/lines"
    local dotnet
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    (cd "$machine/copy" && env -i HOME="$machine/home" PATH="$machine/home/.dotnet/tools:$dotnet:/usr/bin:/bin" DOTNET_ROOT="$dotnet" \
        DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en sh -e "$machine/lines") >"$machine/out" 2>"$machine/err" ||
        { cat "$machine/out" "$machine/err"; echo "== failed: $1"; exit 1; }
    shows "Trained twins: " "$machine/out" || { echo "== failed: $1"; exit 1; }
    echo "   the table is the README's"
}

try "the .NET tool" "dotnet tool install"
if compgen -G "$packages/castalia-*.tar.gz" >/dev/null; then try "the archive of native commands" "tar -xzf"; fi
