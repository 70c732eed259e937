#!/bin/sh
# container-root.sh ROOT IMAGE MOUNTS HOSTS COMMAND… - first process of a container: makes its root directory and becomes the
# command. Runs in new mount and process namespaces. MOUNTS is a file of lines "SOURCE TARGET"; IMAGE a directory of static
# programs (busybox, vault); nothing else of this machine is visible inside.
set -eu
root=$1 image=$2 mounts=$3 hosts=$4
shift 4
mkdir -p "$root"
mount -t tmpfs tmpfs "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/etc" "$root/bin" "$root/usr/local" "$root/var/run" "$root/home/vault" "$root/root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$image" "$root/bin"
ln -s ../../bin "$root/usr/local/bin"
ln -s ../bin "$root/usr/bin"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
touch "$root/etc/hosts"
mount --bind "$hosts" "$root/etc/hosts"
while read -r source target; do
  [ -n "$source" ] || continue
  if [ -d "$source" ]; then mkdir -p "$root$target"; else mkdir -p "$root$(dirname "$target")"; touch "$root$target"; fi
  mount --bind "$source" "$root$target"
done <"$mounts"
exec chroot "$root" "$@"
