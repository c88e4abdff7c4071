# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by packaging/run and packaging/test: everything between a fresh Debian 12 and a built tree. Each step looks first
# whether it is done, so that a second run costs a second and needs no network.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
venv=$root/.venv

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'packaging: %s\n' "$*" >&2; exit 1; }

# Lines of a list file without comments.
entries() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$@"; }

missing_packages() {
    local installed
    # Virtual packages count through what they are provided by: qt6-svg-dev has had two names.
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Provides}\n' 2>/dev/null |
        awk -F'|' '$1 ~ /^ii/ { print $2; n = split($3, p, /, */); for (i = 1; i <= n; i++) { sub(/ .*/, "", p[i]); print p[i] } }')
    entries "$root/packaging/debian-packages.txt" | while read -r package; do
        grep -qxF -- "$package" <<<"$installed" || echo "$package"
    done
}

install_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    missing=${missing% }
    [ -z "$missing" ] && return
    command -v apt-get >/dev/null || fail "this system has no apt-get; install these by hand: $missing"
    if [ "$(id -u)" != 0 ]; then
        printf 'Some packages are missing, and installing them needs an administrator. Ask for this one command:\n\n' >&2
        printf '    sudo apt-get install --no-install-recommends %s\n\n' "$missing" >&2
        exit 1
    fi
    say "Installing Debian packages: $missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || say "apt-get update failed; trying with the lists that are here"
    # shellcheck disable=SC2086 # the list is meant to be split
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || fail "apt-get could not install: $missing"
}

# $1: stamp name; the rest: requirement files. The stamp is written last, so a killed set-up is taken up again.
install_python() {
    local stamp=$venv/.$1.stamp wanted
    shift
    wanted=$(cat "$@" | sha256sum)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        say "Making the Python environment .venv"
        rm -rf "$venv"
        python3 -m venv "$venv" || fail "python3 -m venv failed; is python3-venv installed?"
    fi
    say "Installing Python packages: $(entries "$@" | tr '\n' ' ')(torch is large)"
    local requirements=()
    for file in "$@"; do requirements+=(-r "$file"); done
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "${requirements[@]}" || fail "pip failed"
    echo "$wanted" >"$stamp"
}

# A torch source file takes up to 2 GB to compile: as many at once as cores and memory allow.
build_jobs() {
    local by_memory
    by_memory=$(awk '/MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
    [ "$by_memory" -lt 1 ] && by_memory=1
    local cores
    cores=$(nproc)
    echo $((by_memory < cores ? by_memory : cores))
}

# $1: preset; the rest: options for CMake's configure step.
build() {
    local preset=$1
    shift
    local folder=$root/build/$preset stamp=$root/build/$preset/.configured
    local wanted="$* $venv"
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        say "Configuring build/$preset"
        (cd "$root" && cmake --preset "$preset" "$@" >/dev/null) || fail "CMake could not configure"
        echo "$wanted" >"$stamp"
    fi
    # Asking ninja first keeps a run with nothing to do silent.
    if ! ninja -C "$folder" -n 2>/dev/null | grep -q 'no work to do'; then
        say "Building build/$preset"
        ninja -C "$folder" -j "$(build_jobs)" || fail "the build failed"
    fi
}
