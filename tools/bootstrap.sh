#!/bin/sh
# Prepare .venv from uv.lock. Needs Python >= 3.11 with pip and the network, nothing else: no uv, no venv module, no root.
#
# The tools stay inside the checkout: uv in .uv, everything else in .venv. When nothing changed since the last run this
# only compares a stamp. Environment:
#   PYTHON         the interpreter to use (default: the first suitable python3 on PATH)
#   PIP_INDEX_URL  a package mirror; pip's configuration file is honoured too
set -eu

UV_VERSION=0.13.9

cd "$(dirname "$0")/.."

main() {
    stamp=$(stamp)
    if [ "$(cat .venv/ready 2>/dev/null)" = "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    keep_to_this_checkout
    python=$(find_python)
    trust_what_pip_trusts "$python"
    mirror=$(mirror "$python")
    uv=$(find_uv "$python")
    say "Preparing .venv with $("$python" --version 2>&1) (the first time takes a minute) …"
    rm -f .venv/ready
    if [ -n "$mirror" ]; then
        export UV_DEFAULT_INDEX="$mirror"
        sync_from_mirror "$uv" "$python"
    else
        "$uv" sync --quiet --frozen --all-extras --python "$python"
    fi
    printf '%s' "$stamp" >.venv/ready
}

# Scripts in .venv carry its absolute path, so a moved or copied checkout is prepared again.
stamp() {
    printf '%s\n%s\n' "$PWD" "${PYTHON:-}"
    cksum uv.lock pyproject.toml tools/bootstrap.sh
}

# Settings of the person's shell must not lead uv or pip elsewhere.
keep_to_this_checkout() {
    unset VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT
    export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1
    export COMMISSARY_SKIP_UI=1 # an editable install packs no console
    export UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
    if [ -z "${UV_CACHE_DIR:-}" ] && [ -z "${XDG_CACHE_HOME:-}" ] && [ ! -w "${HOME:-/nowhere}" ]; then
        export UV_CACHE_DIR="$PWD/.uv/cache" PIP_NO_CACHE_DIR=1
    fi
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        recent_python "$PYTHON" && return
        die "PYTHON=$PYTHON is not Python 3.11 or newer."
    fi
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        recent_python "$name" && return
    done
    die "Commissary needs Python 3.11 or newer, and PATH has none. Install it, or say where it is: make PYTHON=/path/to/python3"
}

# The interpreter's own path: a shim of a version manager may mean another version in another folder.
recent_python() {
    "$1" -c 'import sys; print(sys.executable) if sys.version_info >= (3, 11) else sys.exit(1)' 2>/dev/null
}

# uv brings its own root certificates; behind a company's proxy only those of the machine, or of pip's settings, are right.
trust_what_pip_trusts() {
    if [ -n "${SSL_CERT_FILE:-}" ]; then
        return
    fi
    bundle=${PIP_CERT:-$("$1" -m pip config get global.cert 2>/dev/null || true)}
    for bundle in "$bundle" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        if [ -s "$bundle" ]; then
            export SSL_CERT_FILE="$bundle"
            return
        fi
    done
}

# Our own copy of uv in one fixed version. `pip install --target` touches no environment, which is why a Python that
# its distribution manages (PEP 668) allows it.
find_uv() {
    if [ "$(.uv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ]; then
        echo .uv/bin/uv
    elif "$1" -m pip --version >/dev/null 2>&1; then
        say "Fetching uv $UV_VERSION …"
        rm -rf .uv
        "$1" -m pip install --quiet --no-deps --only-binary :all: --root-user-action=ignore --target .uv "uv==$UV_VERSION" >&2 ||
            die "pip could not fetch uv $UV_VERSION. Is the package index reachable? A mirror: PIP_INDEX_URL=https://…"
        echo .uv/bin/uv
    elif command -v uv; then
        say "$1 has no pip; using the uv on PATH."
    else
        die "$1 has no pip. Install it (Debian, Ubuntu: apt install python3-pip)."
    fi
}

# Empty when packages come from PyPI itself.
mirror() {
    url=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$("$1" -m pip config get global.index-url 2>/dev/null || true)}}
    case $url in
        https://pypi.org/*) ;;
        *) printf '%s' "$url" ;;
    esac
}

# uv.lock names the files of PyPI, so `uv sync` would bypass a mirror. Versions and hashes are the same on both ways.
sync_from_mirror() {
    "$1" venv --quiet --clear --no-project --python "$2" .venv
    "$1" export --quiet --frozen --all-extras --no-emit-project --output-file .venv/requirements.txt >/dev/null
    "$1" pip sync --quiet --require-hashes --python .venv/bin/python .venv/requirements.txt
    "$1" pip install --quiet --no-deps --python .venv/bin/python --editable .
}

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

main
