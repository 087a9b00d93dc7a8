# Sourced by ddpsim, test and .ci/run: installs packages, configures and builds, under one lock, talking on stderr only.
# Left out: anything but Debian's packages. Invariants: (1) nothing is printed or written when all is up to date; (2) a
# stamp is only set for a build that ended well, and carries the time at which that build began.
# Expects `root` (the checkout). Exits with 69 (EX_UNAVAILABLE of sysexits.h) when the simulator cannot be built.

readonly kUnavailable=69
build="$root/build"

say() { printf 'ddpsim: %s\n' "$*" >&2; }
die() { say "$*"; exit "$kUnavailable"; }

# list_packages FILE... : the names in the package lists, comments left out.
list_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@"; }

# missing_packages FILE... : those of the lists that dpkg does not know as installed.
missing_packages() {
  local want have
  want=$(list_packages "$@" | sort -u)
  # shellcheck disable=SC2086
  have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $want 2>/dev/null | sed -n 's/^.i  *//p' | sort -u)
  comm -23 <(printf '%s\n' "$want") <(printf '%s\n' "$have")
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# ensure_packages FILE... : installs what is missing.
ensure_packages() {
  local missing log
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian machine: expecting these to be there: $(list_packages "$@" | tr '\n' ' ')"
    return
  fi
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "these packages are missing: $missing; as root: apt-get install $missing"
  fi
  say "installing $missing"
  log="$build/install.log"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600)
  as_root "${apt[@]}" update </dev/null >"$log" 2>&1 || say "apt-get update failed; trying with the lists there are"
  # shellcheck disable=SC2086
  if ! as_root "${apt[@]}" install --no-install-recommends $missing </dev/null >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "could not install $missing (log: $log)"
  fi
}

# The part of a build's log that says why it failed: from the first failed command on, or the end.
show_failure() {
  local from
  from=$(grep -n -m 1 -E '^(FAILED:|CMake Error)' "$1" | cut -d: -f1)
  if [ -n "$from" ]; then tail -n "+$from" "$1" | head -n 40; else tail -n 40 "$1"; fi >&2
  say "(whole log: $1)"
}

# run_logged LOG COMMAND... : on a terminal the command talks for itself; else its words are shown when it fails.
run_logged() {
  local log=$1
  shift
  if [ -t 2 ]; then
    "$@" </dev/null >&2 && return
  else
    "$@" </dev/null >"$log" 2>&1 && return
    show_failure "$log"
  fi
  return 1
}

cache_has() { grep -qsxF -- "$1" "$build/CMakeCache.txt"; }

# configure TESTS : TESTS is ON or OFF; a build directory that has the tests keeps them.
configure() {
  local no_tests=ON fresh=()
  if [ "$1" = ON ] || cache_has 'DDPSIM_NO_TESTS:BOOL=OFF'; then no_tests=OFF; fi
  if [ -f "$build/build.ninja" ] && cache_has "CMAKE_HOME_DIRECTORY:INTERNAL=$root" &&
     cache_has 'CMAKE_BUILD_TYPE:STRING=Release' && cache_has "DDPSIM_NO_TESTS:BOOL=$no_tests"; then
    return
  fi
  if [ -f "$build/CMakeCache.txt" ] && ! cache_has "CMAKE_HOME_DIRECTORY:INTERNAL=$root"; then fresh=(--fresh); fi
  say "configuring $build"
  run_logged "$build/configure.log" cmake "${fresh[@]}" -S "$root" -B "$build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release "-DDDPSIM_NO_TESTS:BOOL=$no_tests" "-DCMAKE_CXX_COMPILER=${CXX:-g++}" ||
    die "cmake could not configure the build"
}

# build_targets WHAT TARGET... : builds; WHAT is for people.
build_targets() {
  local what=$1
  shift
  say "building $what (the first time takes minutes; log: $build/build.log)"
  run_logged "$build/build.log" ninja -C "$build" -j "$(nproc)" "$@" || die "the build failed"
}

# with_build_lock COMMAND... : one set-up at a time in this checkout.
with_build_lock() (
  mkdir -p "$build" || die "cannot write $build"
  exec 9>"$build/.lock" || die "cannot write $build/.lock"
  if ! flock -n 9; then
    say "waiting for another build in $build"
    flock 9
  fi
  "$@" 9>&-
)

# The binary is newer than every source, the list of packages, what the build runs, the cost profiles that are compiled in,
# and every folder (a deleted file alters its folder).
up_to_date() {
  [ -x "$build/sim/ddpsim" ] && [ -f "$build/.stamp" ] &&
    [ -z "$(find "$root/CMakeLists.txt" "$root/include" "$root/models" "$root/sim" "$root/scenarios/profiles" \
      "$root"/scripts/{packages.txt,setup.sh,embed_profiles.cmake,embed_assets.cmake,version.cmake} -newer "$build/.stamp" -print -quit)" ]
}
