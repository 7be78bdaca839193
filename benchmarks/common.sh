# What the scripts of the benchmarks share; they source it.
# shellcheck shell=bash
target=$here/benchmarks/target

# Builds the program and the benchmarks where that has not been done or a source is newer.
build_benchmarks() {
  "$here/bin/build"
  if [ -f "$target/built" ] &&
    [ -z "$(find "$here/pom.xml" "$here/benchmarks/pom.xml" "$here/benchmarks/src/main" \
      "$here/server/target/postern.jar" -newer "$target/built" -print -quit)" ]; then
    return
  fi
  echo "Building the benchmarks" >&2
  "$here/mvnw" -B -q -f "$here/pom.xml" -pl server,benchmarks process-classes -Dspotless.check.skip >&2
  touch "$target/built"
}

# run_java OPTIONS... CLASS ARGUMENTS...
run_java() {
  "$("$here/bin/find-jdk")/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -cp "$target/classes:$target/lib/*:$here/server/target/postern.jar" "$@"
}

# Starts a server without limits on a new folder, $work, until the script ends.
start_server() {
  work=$(mktemp -d)
  server=""
  trap stop_server EXIT
  POSTERN_LIMITS_MODE=off "$here/bin/postern" dev --data-dir "$work" --http-port 0 --https-port 0 >"$work/log" 2>&1 &
  server=$!
  until [ -s "$work/dev.json" ]; do
    kill -0 "$server" || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
  done
}

stop_server() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  rm -rf "$work"
}
