"""The preview in the browser: pages reload after each publish, and show the problems of a publish that failed.

The preview's server adds this to its answers. A release has none of it.

event_stream.py    the state of the preview, told to open pages (Server-Sent Events)
preview_server.py  the static server of the preview, which adds the scripts
reload.js          in pages: follows the event stream
worker.js          in the service worker: adds reload.js to members' pages
"""
