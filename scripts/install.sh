#!/bin/sh
# Installs sail from a release: the binary, the kubectl plugin, manual pages and completions. Nothing is installed unless
# its SHA-256 is that of SHA256SUMS and, with --key, SHA256SUMS is signed by that key.
#
#   sh install.sh [--from FOLDER|URL] [--prefix FOLDER] [--key FILE] [--uninstall]
#
# --from is where the files of the release are, by default this script's own folder.
set -eu
umask 022
# Filled in by scripts/release.
version=
from=$(dirname "$0")
prefix=''
key=''
uninstalls=''

fail() { echo "install.sh: $*" >&2; exit 1; }
usage() { sed -n 's/^#   //p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --from | --prefix | --key)
      [ $# -gt 1 ] && [ -n "$2" ] || fail "$1 needs a value"
      case $1 in --from) from=${2%/} ;; --prefix) prefix=$2 ;; --key) key=$2 ;; esac
      shift 2 ;;
    --uninstall) uninstalls=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument: $1" ;;
  esac
done
if [ -z "$prefix" ]; then if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi; fi

if [ -n "$uninstalls" ]; then
  rm -f "$prefix/bin/sail" "$prefix/bin/kubectl-sail" "$prefix/bin/kubectl_complete-sail" \
    "$prefix/share/man/man1/sail.1" "$prefix"/share/man/man1/sail-*.1 \
    "$prefix/share/bash-completion/completions/sail" "$prefix/share/zsh/site-functions/_sail" \
    "$prefix/share/fish/vendor_completions.d/sail.fish"
  echo "removed sail from $prefix"
  exit 0
fi

[ "$(uname -s)" = Linux ] || fail "sail runs on Linux; on $(uname -s) run its image in a container (docs/guides/install.md)"
case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "$(uname -m): there are builds for amd64 and arm64" ;;
esac
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null || true)
case $glibc in
  glibc\ 2.*)
    minor=${glibc#glibc 2.}
    [ "${minor%%[!0-9]*}" -ge 34 ] || fail "$glibc is too old: sail needs glibc 2.34 (Debian 12, Ubuntu 22.04, RHEL 9)" ;;
  *) fail "there is no glibc (Alpine has musl): run sail's image in a container (docs/guides/install.md)" ;;
esac
[ -n "$version" ] || fail "this is not the script of a release: take install.sh from its files (make release)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
get() { # get NAME: a file of the release
  case $from in
    http://*) fail "$from: only https:// is trusted" ;;
    https://*)
      if command -v curl >/dev/null; then
        curl -fsSL --proto =https --retry 3 -o "$work/$1" "$from/$1" || fail "$from/$1: not fetched"
      else
        wget -q -O "$work/$1" "$from/$1" || fail "$from/$1: not fetched; curl or wget is needed"
      fi ;;
    *) cp "$from/$1" "$work/$1" || fail "$from has no $1" ;;
  esac
}
name=sail-$version-linux-$arch
get SHA256SUMS
if [ -n "$key" ]; then
  get SHA256SUMS.sig
  base64 -d "$work/SHA256SUMS.sig" >"$work/signature" 2>/dev/null || true
  openssl dgst -sha256 -verify "$key" -signature "$work/signature" "$work/SHA256SUMS" >/dev/null 2>&1 \
    || fail "SHA256SUMS is not signed by $key; nothing was installed"
fi
get "$name.tar.gz"
grep "  $name.tar.gz\$" "$work/SHA256SUMS" >"$work/sum" || fail "SHA256SUMS does not name $name.tar.gz; nothing was installed"
(cd "$work" && sha256sum -c sum >/dev/null 2>&1) \
  || fail "$name.tar.gz is not the file of the release (its SHA-256 differs); nothing was installed"
tar -C "$work" -xzf "$work/$name.tar.gz"
"$work/$name/sail" --version >/dev/null || fail "the binary does not run here; nothing was installed"

put() { # put FILE TARGET
  mkdir -p "$(dirname "$2")" && cp "$1" "$2.new" && chmod "$3" "$2.new" && mv "$2.new" "$2"
}
put "$work/$name/sail" "$prefix/bin/sail" 755
ln -sf sail "$prefix/bin/kubectl-sail"
ln -sf sail "$prefix/bin/kubectl_complete-sail"
for page in "$work/$name"/man/man1/*.1; do put "$page" "$prefix/share/man/man1/$(basename "$page")" 644; done
put "$work/$name/completions/sail.bash" "$prefix/share/bash-completion/completions/sail" 644
put "$work/$name/completions/_sail" "$prefix/share/zsh/site-functions/_sail" 644
put "$work/$name/completions/sail.fish" "$prefix/share/fish/vendor_completions.d/sail.fish" 644
echo "installed sail $version below $prefix"
case :$PATH: in *":$prefix/bin:"*) ;; *) echo "$prefix/bin is not on your PATH" ;; esac
found=
for folder in /lib /lib64 /usr/lib /usr/lib64 /lib/*-linux-gnu /usr/lib/*-linux-gnu; do
  for file in "$folder"/libcurl.so.4 "$folder"/libcurl-gnutls.so.4; do [ ! -e "$file" ] || found=1; done
done
[ -n "$found" ] || echo "libcurl is not installed; sail needs it to reach clusters (Debian and Ubuntu: apt-get install libcurl4; Fedora, RHEL and Amazon Linux: dnf install libcurl-minimal)"
