#!/bin/sh
# Prints the settings of docker-compose.yml that fit this machine and this user: sh compose/env.sh > .env
# What they mean: .env.example.
set -eu

NO_LOGS=./compose/no-logs

main() {
  if is_rootless; then
    # There, root in a container is this user.
    setting EXPORTER_UID 0
    setting EXPORTER_GID 0
  else
    setting EXPORTER_UID "$(id -u)"
    setting EXPORTER_GID "$(id -g)"
  fi
  zone=$(time_zone)
  [ -z "$zone" ] || setting TIME_ZONE "$zone"
  claude=${CLAUDE_CONFIG_DIR:-$HOME/.claude}
  setting CLAUDE_CODE_LOGS "$(first_folder "$claude/projects")"
  setting CLAUDE_CODE_MORE_LOGS "$(first_folder "${XDG_CONFIG_HOME:-$HOME/.config}/claude/projects")"
  state=${OPENCLAW_STATE_DIR:-$HOME/.openclaw}
  setting OPENCLAW_LOGS "$(first_folder "$state/agents" "$HOME/.clawdbot/agents" "$HOME/.moltbot/agents")"
  agent=${PI_CODING_AGENT_DIR:-$HOME/.pi/agent}
  setting PI_LOGS "$(first_folder "${PI_CODING_AGENT_SESSION_DIR:-$agent/sessions}")"
}

is_rootless() {
  case $(docker info --format '{{.SecurityOptions}}' 2>/dev/null) in
    *name=rootless*) return 0 ;;
  esac
  return 1
}

# In single quotes nothing has a meaning of its own, and Compose takes \' for a quote.
setting() {
  printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/\\\\'/g")"
}

first_folder() {
  for folder in "$@"; do
    if [ -d "$folder" ]; then
      printf '%s' "$folder"
      return
    fi
  done
  printf '%s' "$NO_LOGS"
}

# The name of the zone, as /etc/localtime links to it on Linux and macOS; nothing where nothing tells.
time_zone() {
  case ${TZ-} in
    [A-Z]*[a-z]/* | UTC)
      printf '%s' "$TZ"
      return
      ;;
  esac
  case $(readlink /etc/localtime 2>/dev/null) in
    */zoneinfo/*) readlink /etc/localtime | sed 's#.*/zoneinfo/##' ;;
    *) [ ! -r /etc/timezone ] || head -n 1 /etc/timezone ;;
  esac
}

main
