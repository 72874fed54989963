#!/usr/bin/env bash
# A machine that never saw castalia: an empty HOME, no NuGet cache. From the packages that tools/pack.sh has put into a folder: the README's program in a new console
# project, which brings no database with it; every program of examples/, which says what docs/library.md shows; and the notebook, where jupyter-nbconvert is installed
# and dotnet-interactive can be had.
#
#   tests/fresh-library.sh PACKAGES [CHECKPOINT]     CHECKPOINT for the README's program; without it one of the built-in networks
set -uo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
packages=$(cd "${1:?usage: tests/fresh-library.sh PACKAGES [CHECKPOINT]}" && pwd)
checkpoint=${2:-}
version=$(basename "$(compgen -G "$packages/Castalia.Models.*.nupkg" | head -n 1)" .nupkg)
version=${version#Castalia.Models.}
[[ -n $version ]] || { echo "$packages has no Castalia.Models: tools/pack.sh $packages library makes it"; exit 2; }
machine=$(mktemp -d)
trap 'rm -rf "$machine"' EXIT
mkdir -p "$machine/home" "$machine/console" "$machine/examples"
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
succeeded=0 failed=0 skipped=0

there() {
    (cd "$1" && env -i HOME="$machine/home" PATH="$machine/home/.dotnet/tools:$dotnet:/usr/bin:/bin" DOTNET_ROOT="$dotnet" \
        DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en "${@:2}")
}
try() {
    echo "== $1"
    if "${@:2}" >"$machine/log" 2>&1; then succeeded=$((succeeded + 1)); else sed 's/^/    /' "$machine/log" | tail -n 30; echo "== failed: $1"; failed=$((failed + 1)); fi
}
source() {
    printf '<configuration><packageSources><add key="castalia" value="%s" /></packageSources></configuration>\n' "$packages" >"$1/nuget.config"
}

# The first block of C# in the README, on a checkpoint of ours.
program() { awk '/^```csharp/ { inside = 1; next } /^```/ && inside { exit } inside' "$here/README.md" | sed "s|path/to/model|$checkpoint|"; }

console() {
    source "$machine/console"
    there "$machine/console" dotnet new console -o app && there "$machine/console/app" dotnet add package Castalia.Models --version "$version" &&
        program >"$machine/console/app/Program.cs" && [[ -s $machine/console/app/Program.cs ]] &&
        there "$machine/console/app" dotnet run >"$machine/said" && cat "$machine/said" && [[ -s $machine/said ]] &&
        ! compgen -G "$machine/console/app/bin/*/*/*DuckDB*"
}

example() {
    awk -v said="<!-- $1.cs says -->" '$0 == said { getline; inside = 1; next } /^```/ && inside { exit } inside' "$here/docs/library.md" >"$machine/expected"
    sed "s|^#:project .*|#:package Castalia.Library@$version|" "$here/examples/$1.cs" >"$machine/examples/$1.cs"
    there "$machine/examples" dotnet run "$1.cs" >"$machine/said" && diff "$machine/expected" "$machine/said" && [[ -s $machine/said ]]
}

notebook() {
    sed "s|/path/to/packages|$packages|" "$here/examples/tour.ipynb" >"$machine/examples/tour.ipynb"
    mkdir -p "$machine/home/.local/share/jupyter/kernels" # dotnet-interactive makes no folder for it
    there "$machine/examples" dotnet interactive jupyter install &&
        there "$machine/examples" jupyter-nbconvert --to notebook --execute --ExecutePreprocessor.timeout=300 --output done.ipynb tour.ipynb && grep 'gain' "$machine/examples/done.ipynb"
}

if [[ -z $checkpoint ]]; then
    # The network that the programs use is made by the first of them.
    source "$machine/examples"
fi
for path in "$here"/examples/*.cs; do name=$(basename "$path" .cs); try "examples/$name.cs" example "$name"; done
if [[ -z $checkpoint ]]; then checkpoint=$(compgen -G "$machine/home/.cache/castalia/twin-*" | sort | tail -n 1); fi
try "the README's program in a new console project" console
if ! command -v jupyter-nbconvert >/dev/null; then
    echo "== the notebook: skipped: there is no jupyter-nbconvert"
    skipped=$((skipped + 1))
elif ! there "$machine/home" dotnet tool install --global Microsoft.dotnet-interactive --version 1.0.712001 >"$machine/log" 2>&1; then
    echo "== the notebook: skipped: dotnet-interactive could not be had"
    skipped=$((skipped + 1))
else
    try "examples/tour.ipynb" notebook
fi
printf '  succeeded: %d\n  failed: %d\n  skipped: %d\n' "$succeeded" "$failed" "$skipped"
((failed == 0))
