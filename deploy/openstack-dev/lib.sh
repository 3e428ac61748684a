# shellcheck shell=bash disable=SC2034  # the scripts that source it use them
# What up, down and dataplane share: where everything is, what is told, processes. Sourced, not run.

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
program=$(basename "$0")
state=$(readlink -m "${OPENSTACK_DEV_DIR:-${XDG_STATE_HOME:-${HOME:-/root}/.local/state}/ballast/openstack-dev}")
etc=$state/etc
run=$state/run
log=$state/log
clouds=$state/clouds.yaml
ovn_nb=unix:$run/ovn-nb.sock
ovn_sb=unix:$run/ovn-sb.sock

# What is started sees this environment and nothing of the caller's.
clean=(env -i --chdir="$state/home" PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$state/home" no_proxy='*' NO_PROXY='*'
  PYTHONPATH="$here/python" PYTHONDONTWRITEBYTECODE=1 OPENSTACK_DEV_RUN="$run"
  OVS_RUNDIR="$run" OVS_LOGDIR="$log" OVS_DBDIR="$state" OVN_RUNDIR="$run")

say() { printf '%s: [%3d s] %s\n' "$program" "$SECONDS" "$*" >&2; }

# fail TEXT [LOG]: says what failed and where to read on, with the end of that log.
fail() {
  said=1
  if [ -n "${2:-}" ] && [ -s "$2" ]; then
    tail -n 15 "$2" | sed 's/^/    /' >&2
  fi
  say "FAILED: $1${2:+; log: $2}"
  exit 1
}

# For what fails without a word of ours.
on_exit() {
  local code=$?
  if [ "$code" -ne 0 ] && [ -z "${said:-}" ]; then
    say "FAILED near line $1; logs: $log"
  fi
}
said=''
trap 'on_exit "$LINENO"' EXIT

usage() {
  said=1
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0" >&2
  exit 64
}

need_root() { [ "$(id -u)" = 0 ] || fail "needs root"; }

# Only one of our scripts works in a folder at a time.
take_lock() {
  exec 9>"$state/lock"
  flock -w 300 9 || fail "another $state/lock is held"
}

# ---- processes: run/NAME.pid holds the id, when it started, and a mark of its command and settings

# When a process started, in ticks since boot; nothing for one that is gone or a zombie.
started() { sed -n 's/.*) //; /^Z/!p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

is_running() {
  local pid tick _
  [ -r "$run/$1.pid" ] && read -r pid tick _ <"$run/$1.pid" && [ -n "$tick" ] && [ "$(started "$pid")" = "$tick" ]
}

mark_of() { [ ! -r "$run/$1.pid" ] || cut -d' ' -f3 "$run/$1.pid"; }

# start NAME "FILES" COMMAND...: in a session of its own. One that runs is kept, unless its command or those files changed.
start() {
  local name=$1 files=$2 mark pid
  shift 2
  # shellcheck disable=SC2086  # several files
  mark=$({ printf '%s\n' "$@"; [ -z "$files" ] || cat $files; } | sha256sum | cut -c 1-16)
  if is_running "$name"; then
    [ "$(mark_of "$name")" != "$mark" ] || return 0
    say "$name: its settings changed, starting it again"
    stop "$name"
  fi
  setsid "${clean[@]}" "$@" >"$log/$name.out" 2>&1 </dev/null 9>&- &
  pid=$!
  echo "$pid $(started "$pid") $mark" >"$run/$name.pid"
}

# stop NAME: asks, and after 10 s ends all of its session.
stop() {
  local name=$1 pid tick rest family each
  if is_running "$name"; then
    read -r pid tick rest <"$run/$name.pid"
    family=$(ps -o pid= --sid "$pid" || true)
    kill -TERM "$pid" 2>/dev/null || true
    for ((each = 0; each < ${patience[$name]:-100}; each++)); do
      is_running "$name" || break
      sleep 0.1
    done
    for each in $family; do
      if [ "$(ps -o sid= -p "$each" 2>/dev/null | tr -d ' ')" = "$pid" ]; then
        kill -KILL "$each" 2>/dev/null || true
      fi
    done
    say "stopped $name"
  fi
  rm -f "$run/$name.pid"
}
# Tenths of a second for those that linger with nothing to save.
declare -A patience=([octavia-api]=20 [octavia-worker]=20 [octavia-driver-agent]=20 [neutron]=20)

# log_of NAME: its own log where it writes one, else what it printed.
log_of() { if [ -s "$log/$1.log" ]; then echo "$log/$1.log"; else echo "$log/$1.out"; fi; }

# await NAME SECONDS COMMAND...: until the command succeeds; fails as soon as the process is gone.
await() {
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    is_running "$name" || fail "$name stopped by itself" "$(log_of "$name")"
    [ "$SECONDS" -lt "$end" ] || fail "$name does not answer in time" "$(log_of "$name")"
    sleep 0.2
  done
}

# until_true COMMAND...: for at most 20 s.
until_true() {
  local end=$((SECONDS + 20))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "gave up waiting for: $*"
    sleep 0.1
  done
}

# once NAME COMMAND...: a step whose success is remembered.
once() {
  local name=$1
  shift
  if [ ! -e "$state/done/$name" ]; then
    "$@" >"$log/$name.log" 2>&1 || fail "$name" "$log/$name.log"
    touch "$state/done/$name"
    say "$name: done"
  fi
}
