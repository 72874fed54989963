#!/usr/bin/env bash
# The kernels' tests, and those of trained weights, on Arm's 128-bit vectors, which qemu emulates on another processor: the same bits as everywhere, fixed hashes among
# them. Takes the assemblies of the last dotnet build. .NET for Arm comes from NuGet, Arm's C library and OpenSSL from the Debian or Ubuntu that this is; both are kept in
# artifacts/arm. Needs qemu-aarch64 (qemu-user). Exit status 77: it cannot be done here, for the reason that is printed.
#
#   tests/arm.sh [OPTION…]     options of the tests' program in place of those below: -class NAME, -method NAME
set -euo pipefail
cd "$(dirname "$0")/.."
root=artifacts/arm/root host=artifacts/arm/tests tests=artifacts/bin/Castalia.Tests/debug
options=("$@")
if ((${#options[@]} == 0)); then options=(-class 'Castalia.Tests.Kernels.*' -class Castalia.Tests.Parity.TrainedBitsTests); fi
cannot() { echo "tests/arm.sh: skipped: $1"; exit 77; }

# Packages of Arm, unpacked and not installed: with lists of their own, so that the system's are left alone.
libraries() {
    local lists
    lists=$(mktemp -d)
    mkdir -p "$lists/state/partial" "$lists/cache/archives/partial" "$lists/packages"
    local -a apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State::Lists=$lists/state" -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update && (cd "$lists/packages" && "${apt[@]}" download libc6 libgcc-s1 libstdc++6 && { "${apt[@]}" download libssl3t64 2>/dev/null || "${apt[@]}" download libssl3; }) &&
        for package in "$lists"/packages/*.deb; do dpkg-deb -x "$package" "$root.part"; done && mv "$root.part" "$root"
    local code=$?
    rm -rf "$lists" "$root.part"
    return $code
}

command -v qemu-aarch64 >/dev/null || cannot "needs qemu-aarch64"
[[ -e $tests/Castalia.Tests.dll ]] || { echo "tests/arm.sh: $tests holds no tests: dotnet build first"; exit 1; }
mkdir -p artifacts/arm
[[ -d $root ]] || libraries >&2 || cannot "Arm's C library and OpenSSL could not be had from apt-get"
rm -rf "$host"
dotnet publish tests/arm -c Debug --artifacts-path artifacts/arm -v q -o "$host" >&2 || cannot ".NET for Arm could not be had"
cp "$tests"/*.dll "$host/"
# By its whole name: started as ./Castalia.Tests the host takes itself for dotnet. qemu does not see a change of code
# that the runtime writes by one address and runs by another: it must write where it runs.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
DOTNET_EnableWriteXorExecute=0 EXPECT_VECTOR_BITS=128 qemu-aarch64 -L "$root" "$PWD/$host/Castalia.Tests" -noColor "${options[@]}" | tee "$log" || code=$?
# As dotnet test counts.
sed -n 's/^ *Castalia.Tests *Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\),.*/\1 \2 \3 \4/p' "$log" |
    while read -r total errors failed skipped; do printf '  %s: %s\n' succeeded $((total - failed - skipped)) failed $((failed + errors)) skipped "$skipped"; done
exit "$code"
