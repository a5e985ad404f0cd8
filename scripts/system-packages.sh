#!/bin/sh
# Brings the Debian packages that tests use: a PostgreSQL server for the state backend, nftables and iproute2 for packets
# in network namespaces, ssh-keygen for the signatures of approvals. Without root or apt it says what is missing; the tests
# that need it are then skipped with that reason.
set -eu

missing=
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]; }
has nft || missing="$missing nftables"
has ip || missing="$missing iproute2"
has git || missing="$missing git"
has ssh-keygen || missing="$missing openssh-client"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  printf 'bastide: tests that need these packages are skipped:%s (install them with the package manager)\n' "$missing" >&2
  exit 0
fi
printf 'bastide: installing%s\n' "$missing" >&2
export DEBIAN_FRONTEND=noninteractive
timeout 300 apt-get update -qq >/dev/null
# The packaged PostgreSQL must not start a server of its own: tests start theirs.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
# shellcheck disable=SC2086  # one word a package
timeout 600 apt-get install -y -qq --no-install-recommends $missing >/dev/null
