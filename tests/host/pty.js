// Commands on a real pseudo-terminal, by python3's pty: what they print there, what is typed, and whether the terminal is as it
// was before when they have ended.
import { spawn } from 'node:child_process';

const BOUND_MILLISECONDS = 55_000;

/** Runs a command on a pseudo-terminal; commands come as JSON lines, what it prints goes to stdout. */
const PTY = `
import fcntl, json, os, pty, select, signal, struct, sys, termios
master, slave = pty.openpty()
size = lambda columns, rows: fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
size(80, 24)
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.execvp(sys.argv[1], sys.argv[1:])
pending = b''
status = None
def drain():
    while master >= 0 and select.select([master], [], [], 0)[0]: os.write(1, os.read(master, 65536))
while status is None:
    ready = select.select([0] if master < 0 else [master, 0], [], [], 0.02)[0]
    if master in ready: os.write(1, os.read(master, 65536))
    if 0 in ready:
        pending += os.read(0, 65536)
        while b'\\n' in pending:
            line, pending = pending.split(b'\\n', 1)
            command = json.loads(line)
            if 'write' in command: os.write(master, command['write'].encode())
            if 'size' in command: size(*command['size'])
            if 'signal' in command: os.kill(pid, command['signal'])
            if 'hangUp' in command:
                os.close(master)
                master = -1
    done, code = os.waitpid(pid, os.WNOHANG)
    if done: status = code
drain()
same = master < 0 or termios.tcgetattr(slave) == before
os.write(1, ('\\nended ' + json.dumps({'signal': status & 127, 'code': status >> 8, 'restored': same}) + '\\n').encode())
`;

/**
 * @param {string[]} command
 * @param {(terminal: { send: (command: object) => void, shows: (text: string | RegExp) => Promise<void> }) => Promise<void>} play
 *   `shows` resolves once the terminal was sent this, at any time; it rejects when the command ends without
 */
export async function onPty(command, play) {
  const child = spawn('python3', ['-c', PTY, ...command]);
  let output = '';
  /** @type {(() => void)[]} */
  let waiting = [];
  const look = () => waiting.forEach((check) => check());
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    look();
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  // A program that hangs is ended, with its terminal: whoever waits then hears what was there.
  const bound = setTimeout(() => child.kill('SIGKILL'), BOUND_MILLISECONDS);
  let closed = false;
  child.on('close', () => {
    closed = true;
    look();
  });
  const shows = (/** @type {string | RegExp} */ wanted) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const at = output.search(typeof wanted === 'string' ? wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : wanted);
        if (at >= 0) resolve(undefined);
        else if (closed) reject(new Error(`no ${wanted} in ${JSON.stringify(output.slice(-600))} ${complaint}`));
      };
      waiting.push(check);
      check();
    });
  const send = (/** @type {object} */ command) => child.stdin.write(`${JSON.stringify(command)}\n`);
  await play({ send, shows: /** @type {any} */ (shows) });
  await shows(/ended \{.*\}/);
  waiting = [];
  clearTimeout(bound);
  child.stdin.end();
  const ended = /ended (\{.*\})/.exec(output)?.[1] ?? '{}';
  return { output, ...JSON.parse(ended) };
}
