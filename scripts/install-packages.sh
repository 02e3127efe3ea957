#!/usr/bin/env bash
# As root: installs the named Debian packages without starting the services that some of them bring.
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
install() { apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2; }
install "$@" 2>/dev/null || { apt-get update -q >&2 && install "$@"; }
