"""serve.py: headers, types, caching, what must not be served, and the command line's sentences (issue part D1)."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(PROJECT))
import serve  # noqa: E402

# Seconds, on a machine that does other things too.
PATIENCE = 60

FILES = {
    'index.html': b'<!doctype html><body>hello</body>',
    'app-5XKQ2L7B.js': b'1',
    'style.0f3a9c1d.css': b'a{}',
    'worker.mjs': b'2',
    'backend.wasm': b'\0asm',
    'examples/fib.jsrbin': b'SJSR',
    'data.json': b'{}',
    'odd.xyz': b'?',
    '.hidden': b'secret',
    'deep/index.html': b'deep',
    'n\u00e4me.txt': b'name',
}


class ServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        base = Path(cls.folder.name)
        cls.root = base / 'dist'
        for name, content in FILES.items():
            (cls.root / name).parent.mkdir(parents=True, exist_ok=True)
            (cls.root / name).write_bytes(content)
        (base / 'outside.txt').write_bytes(b'outside')
        (base / 'dist-twin').mkdir()
        (base / 'dist-twin' / 'secret.txt').write_bytes(b'twin')
        os.symlink(base / 'outside.txt', cls.root / 'link.txt')
        os.symlink(base, cls.root / 'up')
        os.symlink('loop', cls.root / 'loop')
        os.symlink(cls.root / 'data.json', cls.root / 'inner.json')
        cls.server = serve.Server('127.0.0.1', 0, cls.root, quiet=True)
        cls.port = cls.server.server_port
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def ask(self, target, method='GET', headers=None, body=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, target)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader('Content-Length', str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def ask_raw(self, request):
        """For requests that no client library would send."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b''
            while True:
                chunk = connection.recv(65536)
                if not chunk:
                    return answer
                answer += chunk

    def test_the_page_is_at_the_root(self):
        status, headers, body = self.ask('/')
        self.assertEqual((status, body), (200, FILES['index.html']))
        self.assertEqual(headers['Content-Length'], str(len(body)))

    def test_query_and_fragment_do_not_matter(self):
        self.assertEqual(self.ask('/?example=primes')[2], FILES['index.html'])
        self.assertEqual(self.ask('/data.json?x=/../y')[2], FILES['data.json'])

    def test_every_answer_isolates_and_forbids_sniffing(self):
        for target in ('/', '/app-5XKQ2L7B.js', '/missing', '/backend.wasm'):
            with self.subTest(target):
                headers = self.ask(target)[1]
                self.assertEqual(headers['Cross-Origin-Opener-Policy'], 'same-origin')
                self.assertEqual(headers['Cross-Origin-Embedder-Policy'], 'require-corp')
                self.assertEqual(headers['Cross-Origin-Resource-Policy'], 'same-origin')
                self.assertEqual(headers['X-Content-Type-Options'], 'nosniff')

    def test_scripts_are_own_files_and_webassembly_only(self):
        policy = dict(part.split(' ', 1) for part in self.ask('/')[1]['Content-Security-Policy'].split('; '))
        self.assertEqual(policy['script-src'], "'self' 'wasm-unsafe-eval'")
        self.assertEqual(policy['default-src'], "'none'")
        self.assertNotIn('unsafe-inline', policy['style-src'])

    def test_media_types(self):
        for target, expected in {
            '/': 'text/html; charset=utf-8',
            '/app-5XKQ2L7B.js': 'text/javascript; charset=utf-8',
            '/worker.mjs': 'text/javascript; charset=utf-8',
            '/style.0f3a9c1d.css': 'text/css; charset=utf-8',
            '/backend.wasm': 'application/wasm',
            '/examples/fib.jsrbin': 'application/octet-stream',
            '/data.json': 'application/json; charset=utf-8',
            '/odd.xyz': 'application/octet-stream',
        }.items():
            with self.subTest(target):
                self.assertEqual(self.ask(target)[1]['Content-Type'], expected)

    def test_hashed_names_are_kept_and_others_asked_for_again(self):
        for target, expected in {
            '/app-5XKQ2L7B.js': 'public, max-age=31536000, immutable',
            '/style.0f3a9c1d.css': 'public, max-age=31536000, immutable',
            '/': 'no-cache',
            '/worker.mjs': 'no-cache',
            '/backend.wasm': 'no-cache',
        }.items():
            with self.subTest(target):
                self.assertEqual(self.ask(target)[1]['Cache-Control'], expected)

    def test_an_unchanged_file_is_not_sent_again(self):
        tag = self.ask('/data.json')[1]['ETag']
        for asked in (tag, 'W/' + tag, '"other", ' + tag, '*'):
            with self.subTest(asked):
                status, headers, body = self.ask('/data.json', headers={'If-None-Match': asked})
                self.assertEqual((status, body, headers['ETag']), (304, b'', tag))

    def test_a_changed_file_is_sent_though_time_and_size_are_equal(self):
        file = self.root / 'changing.txt'
        file.write_bytes(b'one')
        os.utime(file, (1, 1))
        tag = self.ask('/changing.txt')[1]['ETag']
        file.write_bytes(b'two')
        os.utime(file, (1, 1))
        status, _, body = self.ask('/changing.txt', headers={'If-None-Match': tag})
        self.assertEqual((status, body), (200, b'two'))

    def test_head_gives_the_headers_alone(self):
        status, headers, body = self.ask('/', method='HEAD')
        self.assertEqual((status, body, headers['Content-Length']), (200, b'', str(len(FILES['index.html']))))
        self.assertEqual(self.ask('/missing', method='HEAD')[::2], (404, b''))

    def test_a_range_gets_the_whole_file(self):
        status, _, body = self.ask('/', headers={'Range': 'bytes=2-4'})
        self.assertEqual((status, body), (200, FILES['index.html']))

    def test_names_are_decoded_as_utf8(self):
        self.assertEqual(self.ask('/n%C3%A4me.txt')[2], b'name')

    def test_nothing_else_is_served(self):
        for target in (
            '/missing', '/deep', '/examples/', '/examples', '/.hidden', '/%2ehidden',
            '/../outside.txt', '/..%2foutside.txt', '/%2e%2e/outside.txt', '/deep/../../outside.txt',
            '/..\\outside.txt', '/..%5coutside.txt', '//outside.txt', '/deep//index.html', '/./data.json',
            '/../dist-twin/secret.txt', '/%00', '/data.json%00.txt', '/n%E4me.txt', '/%ff',
            '/link.txt', '/up/outside.txt', '/loop', '/C:/outside.txt', '/' + 'a' * 5000, '/data.json/',
            '/index.html/x', '/__reload?0', '/__reload.js', 'http://elsewhere/../outside.txt', '*',
        ):
            with self.subTest(target[:40]):
                status, _, body = self.ask(target)
                self.assertEqual((status, body), (404, b'404 Not Found\n'))

    def test_a_link_that_stays_inside_works(self):
        self.assertEqual(self.ask('/inner.json')[2], FILES['data.json'])

    def test_a_folder_shows_its_index_only(self):
        self.assertEqual(self.ask('/deep/')[2], b'deep')

    def test_absolute_form(self):
        self.assertEqual(self.ask('http://localhost/data.json?q')[2], FILES['data.json'])

    def test_other_methods_are_refused(self):
        for method in ('POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'):
            with self.subTest(method):
                status, headers, _ = self.ask('/', method=method, body=b'GET / HTTP/1.1\r\n\r\n')
                self.assertEqual((status, headers['Allow'], headers['Connection']), (405, 'GET, HEAD', 'close'))

    def test_broken_requests_get_a_short_text(self):
        for request, status in {
            b'NONSENSE\r\n\r\n': b'400',
            b'FETCH / HTTP/1.1\r\n\r\n': b'501',
            b'GET / HTTP/9.9\r\n\r\n': b'505',
            b'GET /' + b'a' * 70000 + b' HTTP/1.1\r\n\r\n': b'414',
        }.items():
            with self.subTest(status):
                answer = self.ask_raw(request)
                self.assertIn(status, answer.split(b'\r\n')[0])
                self.assertNotIn(b'<', answer)

    def test_a_connection_serves_several_requests(self):
        answer = self.ask_raw(b'GET /data.json HTTP/1.1\r\nHost: x\r\n\r\n' * 2 + b'GET /missing HTTP/1.1\r\n\r\n')
        self.assertEqual(len(re.findall(rb'HTTP/1.1 (?:200|404)', answer)), 3)

    def test_a_silent_client_holds_up_nobody(self):
        with socket.create_connection(('127.0.0.1', self.port)) as silent:
            silent.sendall(b'GET / HTTP')
            self.assertEqual(self.ask('/')[0], 200)

    def test_a_visitor_who_leaves_is_no_news(self):
        (self.root / 'large.bin').write_bytes(b'x' * 8_000_000)
        with socket.create_connection(('127.0.0.1', self.port)) as leaver:
            leaver.sendall(b'GET /large.bin HTTP/1.1\r\n\r\n')
            leaver.recv(10)
        self.assertEqual(self.ask('/')[0], 200)


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        Path(self.folder.name, 'index.html').write_text('<!doctype html>')

    def start(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, str(PROJECT / 'serve.py'), '--no-build', '--root', self.folder.name, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_says_the_address_and_stops_on_ctrl_c(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            process = self.start('0')
            line = process.stdout.readline()
            port = int(re.search(r'http://localhost:(\d+)/', line).group(1))
            connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
            connection.request('GET', '/%1b[31m')
            connection.getresponse().read()
            connection.close()
            process.send_signal(how)
            out, err = process.communicate(timeout=PATIENCE)
            self.assertEqual((process.returncode, out), (0, '\nStopped.\n'))
            self.assertNotIn('Traceback', err)
            self.assertIn('404 GET', err)

    def test_quiet_lists_no_requests(self):
        process = self.start('0', '--quiet')
        port = int(re.search(r':(\d+)/', process.stdout.readline()).group(1))
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
        connection.request('GET', '/')
        connection.getresponse().read()
        connection.close()
        process.terminate()
        self.assertEqual(process.communicate(timeout=PATIENCE)[1], '')

    def test_a_port_in_use_gives_one_sentence(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            process = self.start(str(taken.getsockname()[1]))
            out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((process.returncode, out, err.count('\n')), (1, '', 1))
        self.assertIn('is in use', err)

    def test_bad_arguments_give_one_sentence(self):
        for arguments, words in {
            ('--host', 'no.such.host.invalid', '0'): 'no address called',
            ('--root', self.folder.name + '/none', '0'): 'There is no page',
        }.items():
            process = self.start(*arguments)
            _, err = process.communicate(timeout=PATIENCE)
            self.assertEqual((process.returncode, err.count('\n')), (1, 1), err)
            self.assertIn(words, err)
        for arguments in (('70000',), ('x',), ('--nonsense',)):
            process = self.start(*arguments)
            process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 2)

    def test_listens_on_this_machine_only_unless_told(self):
        process = self.start('0')
        port = int(re.search(r':(\d+)/', process.stdout.readline()).group(1))
        with self.assertRaises(OSError):
            socket.create_connection(('127.0.0.2', port), timeout=2).close()
        process.terminate()
        process.communicate(timeout=PATIENCE)
        process = self.start('0', '--host', '0.0.0.0')
        port = int(re.search(r':(\d+)/', process.stdout.readline()).group(1))
        socket.create_connection(('127.0.0.2', port), timeout=2).close()
        process.terminate()
        process.communicate(timeout=PATIENCE)


class WatcherTest(unittest.TestCase):
    def test_the_page_is_told_of_a_build(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'index.html').write_bytes(b'<body>x</body>')
            watcher = serve.Watcher()
            server = serve.Server('127.0.0.1', 0, folder, quiet=True, watcher=watcher)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                self.assertIn(b'<script src="/__reload.js"></script></body>', self.get(server, '/'))
                stream = re.search(rb"EventSource\('([^']*)'\)", self.get(server, '/__reload.js')).group(1).decode()
                with watcher.changed:
                    watcher.builds += 1
                    watcher.changed.notify_all()
                self.assertEqual(self.get(server, stream), b'data: built\n\n')
            finally:
                server.shutdown()
                server.server_close()

    @staticmethod
    def get(server, target):
        connection = http.client.HTTPConnection('127.0.0.1', server.server_port, timeout=PATIENCE)
        try:
            connection.request('GET', target)
            return connection.getresponse().read()
        finally:
            connection.close()


if __name__ == '__main__':
    unittest.main()
