#!/bin/sh
# Stands in for kubectl, because no kubelet runs in the lab: `kubectl exec` is carried to the container's namespaces
# directly instead of through API server and kubelet. Every other command goes to the real kubectl unchanged. It is a
# shell script because it is called a thousand times: Node.js alone would need a minute to start so often.
#
#   LAB_PODS         <namespace>/<pod>/<container>.entry: the number of its first process, then a line for each variable
#   LAB_KUBECTL      the real kubectl
#   LAB_KUBECTL_LOG  every call, a line each
#   LAB_KILL         "after 2": the second call that changes something is carried out, and then the whole step that made
#                    it is killed with SIGKILL before it hears of it; "during 2": it is killed while that call goes on
#   LAB_KILL_COUNT   beginning of the names of files in which one step's changes are counted

call=$(printf '"%s" ' "$@" | tr '\n' ' ')
printf '%s\n' "${call% }" >>"$LAB_KUBECTL_LOG"

# Whether the call changes something: in Vault, in a pod or at the API server.
changes() {
  case " $* " in
    *sys/tools/random*) return 1 ;;
    *' vault write '* | *' vault delete '* | *'operator init -format'* | *'rm -f'* | *'kill -HUP'* | *' create -f '*) ;;
    *) return 1 ;;
  esac
}

mode=
if [ -n "$LAB_KILL" ] && changes "$@"; then
  nth=1
  while ! (set -C && : >"$LAB_KILL_COUNT.$nth") 2>/dev/null; do nth=$((nth + 1)); done
  [ "$nth" != "${LAB_KILL#* }" ] || mode=${LAB_KILL% *}
fi

# As on a cluster, what was begun goes on when whoever asked for it is gone: in a session that is not the step's.
run() {
  case $mode in
    after)
      setsid "$@"
      kill -9 0
      ;;
    during)
      exec 3<&0
      setsid "$@" <&3 &
      sleep 0.03
      kill -9 0
      ;;
    *) exec setsid "$@" ;;
  esac
}

# `exec`, its options, the pod, `--`, the command; returns when the call is another one.
exec_in_pod() {
  namespace=default container=vault verb='' pod=''
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case $1 in
      -n | --namespace) namespace=$2 && shift ;;
      -c | --container) container=$2 && shift ;;
      --context | --kubeconfig | --request-timeout | --pod-running-timeout) shift ;;
      --context=* | --kubeconfig=* | --request-timeout=* | --pod-running-timeout=*) ;;
      -i | --stdin | -q | --quiet) ;;
      -*) return ;;
      *) if [ -z "$verb" ]; then verb=$1; else pod=${1##*/}; fi ;;
    esac
    shift
  done
  [ "$verb" = exec ] && [ $# -gt 0 ] || return
  shift
  if ! [ -s "$LAB_PODS/$namespace/$pod/$container.entry" ]; then
    echo "Error from server (NotFound): pods \"$pod\" not found" >&2
    exit 1
  fi
  process=''
  while IFS= read -r line; do
    if [ -z "$process" ]; then process=$line; else set -- "$line" "$@"; fi
  done <"$LAB_PODS/$namespace/$pod/$container.entry"
  run nsenter -t "$process" -m -n -p -r -w /bin/env -i "$@"
}

exec_in_pod "$@"
run "$LAB_KUBECTL" "$@"
