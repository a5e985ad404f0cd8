#!/bin/sh
# Mutation tests of policies and review. Stryker comes into a folder of its own: with all that it needs it is no library of the product.
set -eu
cd "$(dirname "$0")/.."
tools=.bastide/mutation-tools
npm install --silent --no-audit --no-fund --prefix "$tools" @stryker-mutator/core@9.6.1 typescript@5.9.3
exec "$tools/node_modules/.bin/stryker" run test/mutation/stryker.config.json "$@"
