#!/usr/bin/env python3
"""Serves web/dist on this machine, built first through make where it is missing or stale.

Python 3.9's standard library only. What the page relies on is here: cross-origin isolation
headers, the content security policy, right media types, and caching that never serves an old
file (hashed names for ever, everything else asked for again with an ETag).
"""

import argparse
import hashlib
import http.server
import os
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

PROJECT = Path(__file__).resolve().parent
DEFAULT_ROOT = PROJECT / 'web' / 'dist'
DEFAULT_PORT = 4173

MEDIA_TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.mjs': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.json': 'application/json; charset=utf-8',
    '.map': 'application/json; charset=utf-8',
    '.webmanifest': 'application/manifest+json; charset=utf-8',
    '.txt': 'text/plain; charset=utf-8',
    '.rs': 'text/plain; charset=utf-8',
    '.wasm': 'application/wasm',
    '.jsrbin': 'application/octet-stream',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.ico': 'image/x-icon',
    '.woff2': 'font/woff2',
}

# Scripts are the page's own files and WebAssembly; nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = '; '.join([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
])

SECURITY_HEADERS = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
}

# What the bundler names by content: app-5XKQ2L7B.js, style.0f3a9c1d.css.
HASHED_NAME = re.compile(r'[.-](?:[A-Z0-9]{8}|[0-9a-f]{8,64})\.[a-z0-9]+$')
FOR_EVER = 'public, max-age=31536000, immutable'
ASK_AGAIN = 'no-cache'

# `--watch` only: the page is told over an event stream that a build is done. The stream's address
# carries the build that the page has, so that none is missed between loading and listening.
RELOAD_PATH = '/__reload'
RELOAD_SCRIPT = "new EventSource('/__reload?%d').onmessage = () => location.reload();\n"
RELOAD_TAG = b'<script src="/__reload.js"></script></body>'


def resolve(root, target):
    """The file a request target names, or None. `root` is a real path (no links in it)."""
    path = target if target.startswith('/') else urlsplit(target).path
    path = path.split('?', 1)[0].split('#', 1)[0]
    try:
        path = unquote_to_bytes(path).decode('utf-8')
    except UnicodeDecodeError:
        return None
    if not path.startswith('/') or '\\' in path or any(ord(c) < 32 for c in path):
        return None
    if path.endswith('/'):
        path += 'index.html'
    parts = path[1:].split('/')
    # Empty and dot parts never occur in our own addresses; hidden files are nobody's business.
    if any(part == '' or part.startswith('.') or ':' in part for part in parts):
        return None
    try:
        file = Path(root, *parts).resolve(strict=True)
        inside = os.path.commonpath([str(root), str(file)]) == str(root)
    except (OSError, ValueError, RuntimeError):
        return None
    return file if inside and file.is_file() else None


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD for files under `server.root`; everything else is a short text."""

    protocol_version = 'HTTP/1.1'
    timeout = 30  # a client that says nothing holds a thread no longer than this

    def do_GET(self):
        watcher = self.server.watcher
        if watcher and self.path.startswith(RELOAD_PATH + '?') and self.command == 'GET':
            self.stream_reloads(self.path.partition('?')[2])
        elif watcher and self.path == RELOAD_PATH + '.js':
            self.answer((RELOAD_SCRIPT % watcher.builds).encode(), MEDIA_TYPES['.js'], ASK_AGAIN)
        else:
            self.serve_file()

    do_HEAD = do_GET

    def refuse_method(self):
        self.close_connection = True  # a body may follow that nobody reads
        self.send_error(405)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = refuse_method

    def serve_file(self):
        file = resolve(self.server.root, self.path)
        try:
            body = file.read_bytes() if file else None
        except OSError:
            body = None
        if body is None:
            self.send_error(404)
            return
        media_type = MEDIA_TYPES.get(file.suffix.lower(), 'application/octet-stream')
        if self.server.watcher and file.suffix == '.html':
            body = body.replace(b'</body>', RELOAD_TAG)
        self.answer(body, media_type, FOR_EVER if HASHED_NAME.search(file.name) else ASK_AGAIN)

    def answer(self, body, media_type, caching):
        # From the content, not the time: a rebuild within a clock tick is still another file.
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:32]
        known = [t.strip() for t in self.headers.get('If-None-Match', '').replace('W/', '').split(',')]
        unchanged = tag in known or '*' in known
        self.send_response(304 if unchanged else 200)
        self.send_header('ETag', tag)
        self.send_header('Cache-Control', caching)
        if not unchanged:
            self.send_header('Content-Type', media_type)
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if not unchanged and self.command != 'HEAD':
            self.wfile.write(body)

    def stream_reloads(self, seen):
        """Server-sent events: one when a build follows `seen`, a comment now and then to notice who left."""
        self.close_connection = True
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.send_header('Cache-Control', 'no-store')
        self.end_headers()
        while self.server.watcher.wait(seen, 15) == seen:
            self.wfile.write(b': still here\n\n')
        self.wfile.write(b'data: built\n\n')

    def send_error(self, code, message=None, explain=None):
        """Plain text with the same headers, instead of the library's HTML page."""
        phrase = self.responses.get(code, ('Error',))[0]
        body = ('%d %s\n' % (code, phrase)).encode()
        self.send_response(code)
        if code == 405:
            self.send_header('Allow', 'GET, HEAD')
        if code != 404:
            self.close_connection = True
            self.send_header('Connection', 'close')
        self.send_header('Cache-Control', 'no-store')
        self.send_header('Content-Type', MEDIA_TYPES['.txt'])
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def end_headers(self):
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def version_string(self):
        return 'jsrust-playground'

    def log_request(self, code='-', size='-'):
        if not self.server.quiet:
            # ascii(): a terminal must not obey what a stranger put into an address
            print(int(code), ascii(getattr(self, 'requestline', ''))[1:-1], file=sys.stderr, flush=True)

    def log_message(self, *_):
        """Time-outs and the like: nothing that the person at the terminal can act on."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # On Windows this option would let two servers share a port.
    allow_reuse_address = os.name == 'posix'

    def __init__(self, host, port, root, quiet=False, watcher=None):
        self.root = Path(root).resolve()
        self.quiet = quiet
        self.watcher = watcher
        self.address_family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        super().__init__(address[:2], Handler)

    def server_bind(self):
        # HTTPServer's version also looks the host's name up, which can hang without a network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        """A visitor who leaves in the middle is no news; anything else is our fault and shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def run(*command):
    """Returns None, or what to tell the user."""
    try:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    except OSError as error:
        return 'Could not start %s: %s.' % (command[0], error.strerror)
    return None if status == 0 else 'The page could not be built; what is above says why.'


def build():
    """Brings web/dist up to date. Returns None, or what to tell the user."""
    if not shutil.which('sh'):
        return 'No POSIX shell here to build with: build web/dist elsewhere and use --no-build.'
    problem = run('sh', str(PROJECT / '.ci' / 'setup'), 'web')
    if problem:
        return problem
    if not (DEFAULT_ROOT / 'index.html').is_file():
        print('Building the page; the first time that takes a minute or two.', file=sys.stderr, flush=True)
    return run('make', '--no-print-directory', '-s', '-C', str(PROJECT), 'web')


class Watcher:
    """Rebuilds when a source changes, and lets the event streams wait for it."""

    FOLDERS = ('backend', 'runner', 'web', 'fixtures')
    SKIP = {'build', 'bin', 'dist', 'node_modules'}

    def __init__(self):
        self.builds = 0
        self.changed = threading.Condition()

    def stamp(self):
        newest = []
        for folder in self.FOLDERS:
            for path, folders, files in os.walk(PROJECT / folder):
                folders[:] = [f for f in folders if f not in self.SKIP]
                for file in files:
                    try:
                        newest.append((os.path.join(path, file), os.stat(os.path.join(path, file)).st_mtime_ns))
                    except OSError:
                        pass  # gone since it was listed
        return newest

    def run(self):
        seen = self.stamp()
        while True:
            time.sleep(0.5)
            now = self.stamp()
            if now == seen:
                continue
            seen = now
            problem = build()
            print(problem or 'Built.', flush=True)
            if not problem:
                with self.changed:
                    self.builds += 1
                    self.changed.notify_all()

    def wait(self, seen, seconds):
        """The number of builds as text, as soon as it is not `seen` or the time is up."""
        with self.changed:
            self.changed.wait_for(lambda: str(self.builds) != seen, seconds)
            return str(self.builds)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description='Build and serve JSRust Playground.')
    parser.add_argument('port', nargs='?', type=int, default=DEFAULT_PORT,
                        help='port (default %(default)s; 0 picks a free one)')
    parser.add_argument('--host', default='127.0.0.1', help='address to listen on (default: this machine only)')
    parser.add_argument('--root', type=Path, default=DEFAULT_ROOT, help='folder to serve (default web/dist)')
    parser.add_argument('--no-build', action='store_true', help='serve what is there')
    parser.add_argument('--watch', action='store_true', help='rebuild and reload the page when a source changes')
    parser.add_argument('--quiet', action='store_true', help='do not list requests')
    options = parser.parse_args(arguments)
    if not 0 <= options.port <= 65535:
        parser.error('the port must lie between 0 and 65535')
    return options


def open_server(options, watcher):
    """The server, or a sentence on why there is none."""
    try:
        return Server(options.host, options.port, options.root, options.quiet, watcher), None
    except socket.gaierror:
        return None, 'There is no address called %s.' % options.host
    except PermissionError:
        return None, 'Port %d needs more rights. Try another: python3 serve.py %d' % (options.port, DEFAULT_PORT)
    except OSError as error:
        if error.errno in (48, 98, 10048):  # EADDRINUSE of macOS, Linux, Windows
            return None, 'Port %d is in use. Try another: python3 serve.py %d' % (options.port, options.port % 65535 + 1)
        return None, 'Cannot listen on %s port %d: %s.' % (options.host, options.port, error.strerror)


def main(arguments=None):
    options = parse_arguments(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    watcher = Watcher() if options.watch else None
    server, problem = open_server(options, watcher)
    if not problem and not options.no_build and options.root == DEFAULT_ROOT:
        problem = build()
    if not problem and not (options.root / 'index.html').is_file():
        advice = ': run without --no-build' if options.root == DEFAULT_ROOT else ''
        problem = 'There is no page in %s%s.' % (options.root, advice)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    if watcher:
        threading.Thread(target=watcher.run, daemon=True).start()
    host, port = server.server_address[:2]
    shown = 'localhost' if host in ('127.0.0.1', '::1') else '[%s]' % host if ':' in host else host
    print('JSRust Playground: http://%s:%d/  (Ctrl-C stops)' % (shown, port), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print('\nStopped.', flush=True)
    finally:
        server.server_close()
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # while building
        sys.exit(130)
