/**
 * What a node mirror's pod runs, in POSIX sh with cat, grep, ls, mkdir, mv, rm, sed and sleep only.
 *
 * `run` keeps the planned files on the node until SIGTERM and then takes them away; `ready` and `alive` are its probes.
 * While two pods of a rolling update are on one node, the file `.harbor-fleet-owner` says whose the files are: the newer
 * one takes them over, and the older one then neither repairs nor removes them.
 *
 * Environment: `DOMAIN` `INSTANCE` `POD_UID` `CONFIG_PATH` (folder on the node) `SINGLE_CONFIG_PATH` (true or false)
 * `INTERVAL` (seconds between looks), and the folders as the pod sees them: `CERTS` (containerd's certs.d), `CONTAINERD`
 * (containerd's configuration), `PLANNED` (hosts.toml), `CA` (ca.crt, when there is one), `STATE` (writable).
 */
export const MIRROR_SCRIPT = `#!/bin/sh
set -u
umask 022
dir="$CERTS/$DOMAIN"
owner="$dir/.harbor-fleet-owner"
marker="# managed by harbor-fleet: $INSTANCE"
me="$INSTANCE $POD_UID"
node_dir="$CONFIG_PATH/$DOMAIN"

# The owner file's line, or nothing.
owned_by() {
  cat "$owner" 2>/dev/null
}

same() {
  [ -f "$1" ] && [ -f "$2" ] && [ "$(cat "$1")" = "$(cat "$2")" ]
}

# Prints why the files of this name are not ours to touch; fails when they are ours, or when there are none.
foreign() {
  stamp=$(owned_by)
  case "$stamp" in
    "$INSTANCE "*) return 1 ;;
    ?*) echo "$node_dir belongs to another node mirror ($stamp)"; return 0 ;;
  esac
  if [ -f "$dir/hosts.toml" ]; then
    read -r first < "$dir/hosts.toml" || first=""
    [ "$first" = "$marker" ] && return 1
    echo "$node_dir/hosts.toml was not written by this node mirror: remove it, or leave this node out"
    return 0
  fi
  if [ -d "$dir" ] && [ -n "$(ls -A "$dir")" ]; then
    echo "$node_dir holds files that this node mirror did not write: remove them, or leave this node out"
    return 0
  fi
  return 1
}

# A reader sees the old file or the new one, never half of one.
put() {
  if same "$1" "$2"; then return 0; fi
  cat "$1" > "$dir/.harbor-fleet-new" && mv -f "$dir/.harbor-fleet-new" "$2"
}

# Takes the owner that was read before, $1: one that read its own name there must not write it over a newer pod's.
write_files() {
  mkdir -p "$dir" || return 1
  if [ "$1" != "$me" ]; then
    echo "$me" > "$dir/.harbor-fleet-new" && mv -f "$dir/.harbor-fleet-new" "$owner" || return 1
  fi
  if [ -f "$CA/ca.crt" ]; then put "$CA/ca.crt" "$dir/ca.crt" || return 1; else rm -f "$dir/ca.crt"; fi
  put "$PLANNED/hosts.toml" "$dir/hosts.toml"
}

remove_files() {
  [ "$(owned_by)" = "$me" ] || return 0
  rm -f "$dir/hosts.toml" "$dir/ca.crt" "$dir/.harbor-fleet-new" "$owner"
  if [ -z "$(ls -A "$dir")" ]; then rm -rf "$dir"; fi
}

# Whether containerd looks into the folder at all; prints what to change when it does not.
check_containerd() {
  values=$(sed -n "s/^[[:space:]]*config_path[[:space:]]*=[[:space:]]*[\\"']\\([^\\"']*\\)[\\"'].*/\\1/p" \\
    "$CONTAINERD"/*.toml "$CONTAINERD"/*/*.toml 2>/dev/null)
  listed=""
  for value in $values; do
    case "$value" in
      "$CONFIG_PATH" | "$CONFIG_PATH/") return 0 ;;
    esac
    case ":$value:" in
      *":$CONFIG_PATH:"* | *":$CONFIG_PATH/:"*) listed=$value ;;
    esac
  done
  if [ -z "$listed" ]; then
    echo "containerd does not read $CONFIG_PATH: set config_path of its registry to \\"$CONFIG_PATH\\" and restart it"
    return 1
  fi
  if [ "$SINGLE_CONFIG_PATH" = false ]; then return 0; fi
  # These two make containerd 2.1 and later pull without the transfer service, which takes the list for one folder.
  grep -Eqs '^[[:space:]]*(discard_unpacked_layers|use_local_image_pull)[[:space:]]*=[[:space:]]*true' \\
    "$CONTAINERD"/*.toml "$CONTAINERD"/*/*.toml && return 0
  echo "containerd 2.1 and later ignore config_path = \\"$listed\\": set it to \\"$CONFIG_PATH\\" alone and restart containerd"
  return 1
}

say() {
  if [ "$1" != "$last" ]; then echo "$1"; fi
  last=$1
}

# One look at the node.
look() {
  stamp=$(owned_by)
  if reason=$(foreign); then say "$reason"; return; fi
  # Another pod of the same mirror has taken over: it started after this one.
  if [ "$stamp" != "" ] && [ "$stamp" != "$me" ] && [ "$1" != first ]; then say "handed over"; return; fi
  if ! write_files "$stamp"; then say "cannot write $node_dir"; return; fi
  if reason=$(check_containerd); then say "$node_dir is as planned"; else say "$reason"; fi
}

case "$1" in
  run)
    last=""
    beat=0
    trap 'remove_files; exit 0' TERM INT
    look first
    while :; do
      beat=$((beat + 1))
      echo "$beat" > "$STATE/beat"
      sleep "$INTERVAL" &
      wait $!
      look again
    done
    ;;
  ready)
    # Ready before it has taken over from an older pod, it would let that one end and remove the files.
    if [ ! -f "$STATE/beat" ]; then echo "has not looked at this node yet"; exit 1; fi
    if foreign; then exit 1; fi
    if ! same "$PLANNED/hosts.toml" "$dir/hosts.toml"; then echo "$node_dir/hosts.toml is not as planned"; exit 1; fi
    if [ -f "$CA/ca.crt" ] && ! same "$CA/ca.crt" "$dir/ca.crt"; then echo "$node_dir/ca.crt is not as planned"; exit 1; fi
    check_containerd || exit 1
    ;;
  alive)
    beat=$(cat "$STATE/beat" 2>/dev/null)
    if [ "$beat" = "$(cat "$STATE/seen" 2>/dev/null)" ]; then echo "the loop stands still"; exit 1; fi
    echo "$beat" > "$STATE/seen"
    ;;
esac
`;
