# shellcheck shell=bash
# Makes .venv what a lock file says, and keeps it so. Sourced by ./run and ./test, which set `root`.

say() { printf '%s\n' "$@" >&2; }
stop() { say "$@"; exit 1; }

# Runs a command as root where we are root, or may be without a password; else fails quietly.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# Installs Debian packages; fails where this is no Debian, or we may not. Silent unless something goes wrong.
debian() {
    command -v apt-get >/dev/null && as_root true || return 1
    say "installing $*"
    local told apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    told=$({ as_root "${apt[@]}" update && as_root "${apt[@]}" -y --no-install-recommends install "$@"; } </dev/null 2>&1) ||
        { say "$told"; return 1; }
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.11 python3.12 python3.13 python3.14; do
        if command -v "$name" >/dev/null && new_enough "$name"; then command -v "$name"; return; fi
    done
    stop "Lvyue needs Python 3.11 or later; found $(python3 --version 2>&1 || true)"
}

make_venv() {
    local python package
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then # Debian ships these apart
        package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        debian "$package" || stop "Python's venv module is missing. Type:  sudo apt-get install $package"
    fi
    "$python" -m venv "$root/.venv"
}

mark() { printf '%s %s %s\n' "$1" "$(sha256sum <"$root/$1" | cut -d' ' -f1)" "$root"; }

# environment LOCK [LOCK...]: installs the first, by hash, wheels only; the others are said to be part of it.
# What was installed, and where, is noted, so that the next start has nothing to do.
environment() {
    local note="$root/.venv/.lvyue-locks" python="$root/.venv/bin/python"
    mkdir -p "$root/.cache"
    exec 9>"$root/.cache/environment.lock"
    flock 9 # of two starts at once, one waits
    if ! { [ -f "$note" ] && grep -qxF "$(mark "$1")" "$note" && new_enough "$python"; }; then
        if [ -e "$root/.venv" ] && ! { new_enough "$python" && "$python" -m pip --version >/dev/null 2>&1; }; then
            say ".venv does not work; making it anew"
            rm -rf "$root/.venv"
        fi
        [ -e "$root/.venv" ] || make_venv
        say "installing what $1 lists (once)"
        rm -f "$note"
        "$python" -m pip install --quiet --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: -r "$root/$1" ||
            stop "The packages of $1 could not be installed."
        # The build tools came with the lock, so this asks no registry for anything.
        "$python" -m pip install --quiet --quiet --disable-pip-version-check --no-input \
            --no-index --no-deps --no-build-isolation --editable "$root" ||
            stop "Lvyue itself could not be installed into .venv."
        for lock in "$@"; do mark "$lock"; done >"$note"
    fi
    exec 9>&-
}
