#!/bin/sh
# Puts the app into a disk image to drag it out of; signs and notarises where there are keys:
#     packaging/macos/dmg.sh Lacuna.app Lacuna.dmg
# LACUNA_SIGN_AS: a "Developer ID Application" identity of the keychain (the app was signed with it as it was
# built). LACUNA_NOTARY_PROFILE: what `xcrun notarytool store-credentials` was told to keep the account under.
set -eu
app=$1 target=$2

if [ -n "${LACUNA_SIGN_AS:-}" ]; then
    codesign --verify --deep --strict "$app"
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$target"
hdiutil create -quiet -volname Lacuna -srcfolder "$stage" -fs HFS+ -format ULFO "$target"

if [ -n "${LACUNA_SIGN_AS:-}" ]; then
    codesign --sign "$LACUNA_SIGN_AS" --timestamp "$target"
    if [ -n "${LACUNA_NOTARY_PROFILE:-}" ]; then
        xcrun notarytool submit "$target" --keychain-profile "$LACUNA_NOTARY_PROFILE" --wait
        xcrun stapler staple "$target"
        spctl --assess --type open --context context:primary-signature "$target"
    fi
else
    echo "$target is not signed: macOS opens its app only by Control-click and Open." >&2
fi
