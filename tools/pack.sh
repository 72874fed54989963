#!/usr/bin/env bash
# Makes what others install castalia from:
#
#   tools/pack.sh OUTDIR [library | tool [SYSTEM…] | archive]
#
#   Castalia.Models.VERSION.nupkg, Castalia.Library.VERSION.nupkg   the library
#   castalia.VERSION.nupkg, castalia.SYSTEM.VERSION.nupkg   the .NET tool for all systems or those named; OUTDIR is the source to install it from. Linux on
#                                                           x86-64 takes native commands too, which begin in half the time, where the archive can be made
#   castalia-VERSION-linux-x64.tar.gz                       native commands for AVX-512 and for AVX2, and what chooses between them; made on Linux
#                                                           on x86-64 with clang or gcc and zlib's headers (Debian: clang zlib1g-dev)
# Without a second argument it makes all. Builds lie in artifacts/pack, apart from those of dotnet build. The exit status is 0 only if all was made.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
what=${2:-all}
if (($# < 1)) || [[ $what != all && $what != library && $what != tool && $what != archive ]]; then
    echo "usage: tools/pack.sh OUTDIR [library | tool [SYSTEM…] | archive]" >&2
    exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift $(($# < 2 ? 1 : 2))
cd "$here"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
version=$(dotnet msbuild src/Castalia.Cli -getProperty:Version)
# What the analyzers say is for dotnet build to say.
options=(-c Release --artifacts-path "$here/artifacts/pack" -p:RunAnalyzers=false -v q)

# list ITEM…: as a property of MSBuild takes them.
list() { local items="$*"; echo "${items// /%3B}"; }

library() {
    local project
    rm -f "$out"/Castalia.*"$version".nupkg
    for project in Castalia.Models Castalia; do dotnet pack "src/$project" "${options[@]}" -o "$out"; done
}

# native FOLDER: commands of native code for both kinds of processor.
native() {
    local build
    rm -rf "$1"
    for build in x86-64-v4 x86-64-v3; do dotnet publish src/Castalia.Cli "${options[@]}" -p:NativeCode=$build -o "$1/$build"; done
}

tool() {
    local -a systems=("$@") without=()
    local system folder=""
    if ((${#systems[@]} == 0)); then IFS=';' read -ra systems < <(dotnet msbuild src/Castalia.Cli -p:ToolPackages=true -getProperty:ToolPackageRuntimeIdentifiers); fi
    for system in "${systems[@]}"; do
        dotnet restore tools/precompiler --artifacts-path "$here/artifacts/pack" -v q "-p:PrecompilerPackage=microsoft.netcore.app.runtime.$system" >/dev/null 2>&1 && continue
        echo "castalia for $system is not compiled ahead: NuGet has no microsoft.netcore.app.runtime.$system here. It runs as well, but begins slower." >&2
        without+=("$system")
    done
    if [[ " ${systems[*]} " == *" linux-x64 "* ]]; then
        if [[ $(uname -sm) == "Linux x86_64" ]] && { command -v clang || command -v gcc; } >/dev/null; then
            folder=$here/artifacts/pack/native
            native "$folder"
        else
            echo "castalia for linux-x64 is made without native commands, which needs Linux on x86-64 and clang or gcc. It runs as well, but begins slower." >&2
        fi
    fi
    rm -f "$out"/castalia.*"$version".nupkg
    dotnet pack src/Castalia.Cli "${options[@]}" -p:ToolPackages=true "-p:ToolPackageRuntimeIdentifiers=$(list "${systems[@]}")" \
        "-p:NotCompiledAhead=$(list ${without[@]+"${without[@]}"})" "-p:NativeFolder=$folder" -o "$out"
}

archive() {
    local name=castalia-$version-linux-x64
    local folder=$here/artifacts/pack/archive/$name
    [[ $(uname -sm) == "Linux x86_64" ]] || { echo "The archive is made on Linux on x86-64, which this is not." >&2; return 1; }
    native "$folder"
    # What both have is in the archive once.
    mv "$folder/x86-64-v4/licences" "$folder"/x86-64-v4/*.so "$folder/"
    rm -r "$folder/x86-64-v3/licences" "$folder"/x86-64-v3/*.so
    install -m 755 tools/archive/castalia "$folder/castalia"
    install -m 644 README.md CHANGELOG.md LICENSE "$folder/"
    chmod -R a+rX "$folder"
    # The same files give the same archive.
    tar -C "$folder/.." --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -cf - "$name" | gzip -9n >"$out/$name.tar.gz.part"
    mv "$out/$name.tar.gz.part" "$out/$name.tar.gz"
}

if [[ $what == all || $what == library ]]; then library; fi
if [[ $what == all || $what == tool ]]; then tool "$@"; fi
if [[ $what == all || $what == archive ]]; then archive; fi
for file in "$out"/[Cc]astalia[.-]*"$version"*; do printf '%7.1f MB  %s\n' "$(stat -c %s "$file")e-6" "${file##*/}"; done
