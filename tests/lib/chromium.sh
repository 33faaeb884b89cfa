#!/bin/sh
# Chromium, $CHROMIUM, without the list under its address bar, which it keeps ready as a page with a process of its own for
# each window: a fifth of the time of a test that opens one. What Playwright leaves out is named in one argument, and of two
# the last counts: so one more name is put at its end.
for argument do
    shift
    case $argument in --disable-features=*) argument="$argument,WebUIOmniboxPopup" ;; esac
    set -- "$@" "$argument"
done
exec "$CHROMIUM" "$@"
