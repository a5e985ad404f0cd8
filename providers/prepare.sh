# Read by ./bastide when libraries or bundle are missing or older than their sources. Uses its variables and functions.
# One start works at a time; whatever is brought becomes visible as a whole or not at all.

lock=$root/.bastide/launcher.lock
owned=
job=
ticker=

prepare() {
  mkdir -p "$root/.bastide" 2>/dev/null || fail "$root cannot be written: Bastide keeps its libraries and its bundle there"
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  trap 'interrupted 129' HUP
  acquire
  libraries_are_fresh || bring_libraries
  bundle_is_fresh || step "building the command line" "$node" "$root/build.mjs"
  release
  trap - INT TERM HUP
}

bring_libraries() {
  sum=$(cksum <"$root/package-lock.json")
  # A lock file that was only touched, or libraries that npm itself just installed, are not installed again.
  if [ "$(cat "$installed" 2>/dev/null)" != "$sum" ] && ! npm_is_done; then
    PATH=${node%/*}:$PATH
    command -v npm >/dev/null || fail "npm is needed and not on PATH. It comes with Node: https://nodejs.org/"
    rm -f "$installed"
    cd "$root"
    step "installing the libraries, once" npm ci --include=dev --no-audit --no-fund --loglevel=error
    cd "$OLDPWD"
  fi
  printf '%s\n' "$sum" >"$installed.$$"
  mv -f "$installed.$$" "$installed"
}

# npm writes this file at the very end of an installation.
npm_is_done() {
  [ -f "$modules/.package-lock.json" ] && ! [ "$root/package-lock.json" -nt "$modules/.package-lock.json" ]
}

# step TEXT COMMAND…: runs it with a line of progress every 2 s; its output is shown when it fails.
step() {
  what=$1
  shift
  log=$root/.bastide/launcher.log
  begin=$(date +%s)
  job=starting
  "$@" >"$log" 2>&1 </dev/null &
  job=$!
  identity "$job" >"$lock.job.$$"
  mv -f "$lock.job.$$" "$lock.job"
  printf 'bastide: %s\n' "$what" >&2
  # It ends with its mark, and with this shell when that one is killed.
  : >"$lock.step.$$"
  (while sleep 2 >/dev/null 2>&1 && [ -e "$lock.step.$$" ] && kill -0 $$ 2>/dev/null; do
    printf 'bastide: %s, %s s\n' "$what" $(($(date +%s) - begin)) >&2
  done) &
  ticker=$!
  status=0
  wait "$job" || status=$?
  job=
  stop_ticker
  [ "$status" -eq 0 ] && return
  cat "$log" >&2
  release
  fail "$what failed (exit $status), see above. Repair it and start again." 1
}

# Not waited for: a signal that meets a shell between its fork and its first command is lost in some shells.
stop_ticker() {
  rm -f "$lock.step.$$"
  [ -z "$ticker" ] || kill "$ticker" 2>/dev/null || :
  ticker=
}

# Commands in the background of a script do not get Ctrl-C. Asked again until it has ended, for the same reason; in the end not asked.
stop_job() {
  # A signal may come between the start of the command and the next line.
  [ "$job" != starting ] || job=$!
  tries=0
  while [ -n "$job" ] && kill "$job" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || kill -9 "$job" 2>/dev/null || :
    sleep 0.1 2>/dev/null || sleep 1
  done
}

interrupted() {
  trap - INT TERM HUP
  stop_ticker
  stop_job
  release
  printf 'bastide: stopped; the next start continues\n' >&2
  exit "$1"
}

# The lock is a symbolic link whose target names its owner: made in one step, with the name in it. A link to nothing on purpose.
acquire() {
  asked=$(date +%s)
  said=0
  until ln -s "$(identity $$)" "$lock" 2>/dev/null; do
    [ -w "$root/.bastide" ] || fail "$root/.bastide cannot be written"
    if is_abandoned; then break_lock; continue; fi
    elapsed=$(($(date +%s) - asked))
    if [ "$elapsed" -ge $((said + 1)) ]; then
      said=$((elapsed + 1))
      owner=$(readlink "$lock" 2>/dev/null) || continue
      printf 'bastide: waiting for another start (process %s), %s s\n' "${owner%% *}" "$elapsed" >&2
    fi
    sleep 0.2 2>/dev/null || sleep 1
  done
  owned=1
}

release() {
  [ -z "$owned" ] || rm -f "$lock.job" "$lock"
  owned=
}

# A process number is given again after a restart; the time at which the process began tells them apart.
# On Linux that is a count of ticks: the date that ps prints there may differ by a second from call to call.
identity() { printf '%s %s\n' "$1" "$(began "$1")"; }
began() {
  if [ -r "/proc/$1/stat" ]; then
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_'
  fi
}

is_alive() { # $1: as identity prints it
  [ -n "$1" ] && kill -0 "${1%% *}" 2>/dev/null && [ "$(identity "${1%% *}")" = "$1" ]
}

# Neither the start that made the lock lives, nor the command that it started.
is_abandoned() {
  owner=$(readlink "$lock" 2>/dev/null) || return 1
  ! is_alive "$owner" && ! is_alive "$(cat "$lock.job" 2>/dev/null)"
}

# Two starts may find the same lock abandoned; only one of them may remove it, or it could remove the lock that the other one makes.
break_lock() {
  if mkdir "$lock.break" 2>/dev/null; then
    if is_abandoned; then rm -f "$lock"; fi
    rmdir "$lock.break"
  else
    find "$lock.break" -prune -mmin +1 -exec rmdir {} \; 2>/dev/null || :
    sleep 0.2 2>/dev/null || sleep 1
  fi
}
