#!/usr/bin/env bash
# A browser for the journeys: the system's own Chromium, installed where that is allowed.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser journeys …"
  { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 && exit 0
fi
echo "******************************************************************************"
echo "* No browser, and no right to install one: the browser journeys WILL NOT RUN. *"
echo "* On Debian or Ubuntu: sudo apt-get install chromium                          *"
echo "******************************************************************************"
exit 0
