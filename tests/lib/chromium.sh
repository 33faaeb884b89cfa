#!/bin/sh
# Chromium, $CHROMIUM, without what it only keeps ready: the list under its address bar and what becomes of that with an
# assistant, each a page with a process of its own for every window, and a process for whatever page comes next. They took
# a third of the time of a test that opens a window. What Playwright leaves out is named in one argument, and of two the last
# counts: so more names are put at its end.
unused=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess
for argument do
    shift
    case $argument in --disable-features=*) argument="$argument,$unused" ;; esac
    set -- "$@" "$argument"
done
exec "$CHROMIUM" "$@"
