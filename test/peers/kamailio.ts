/** Kamailio, an independent SIP proxy, as an edge between us and a carrier: it stays on the way of every call. */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../scenarios/stage/wait.ts';

export interface Way {
  /** How the numbers begin that are called there. */
  readonly prefix: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  /** What a caller of these numbers must prove (407, MD5); nothing where absent. */
  readonly challenge?: { readonly user: string; readonly password: string };
}

export interface KamailioOptions {
  /** Where it takes SIP, over UDP and TCP. */
  readonly port: number;
  readonly ways: readonly Way[];
}

export interface Kamailio extends AsyncDisposable {
  readonly port: number;
}

/** Why Kamailio cannot be used here; with CI=true a missing Kamailio is a failure. */
export function kamailioMissing(): string | false {
  const found = spawnSync('kamailio', ['-v'], { stdio: 'ignore' });
  if (!found.error) return false;
  if (process.env.CI === 'true') throw new Error('kamailio is missing (Debian package kamailio)');
  const why = 'SKIPPED: kamailio is missing (Debian package kamailio); no proxy stands between us and SIPp';
  console.error(why);
  return why;
}

const realm = 'edge';

const challenged = ({ prefix, challenge }: Way): string =>
  challenge === undefined
    ? ''
    : `
  if (is_method("INVITE") && $rU =~ "^${prefix.replace('+', '\\+')}") {
    if ($au != "${challenge.user}" || !pv_proxy_authenticate("${realm}", "${challenge.password}", "0")) {
      proxy_challenge("${realm}", "1");
      exit;
    }
    consume_credentials();
  }`;

const way = ({ prefix, port, protocol }: Way): string => `
  if ($rU =~ "^${prefix.replace('+', '\\+')}") $du = "sip:127.0.0.1:${port};transport=${protocol}";`;

const settings = ({ port, ways }: KamailioOptions): string => `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
${['tm', 'sl', 'rr', 'pv', 'siputils', 'textops', 'auth'].map((name) => `loadmodule "${name}.so"`).join('\n')}
# A Record-Route for each side where UDP and TCP meet (RFC 5658), and the tag that tells calls of the two ends apart.
modparam("rr", "enable_double_rr", 1)
modparam("rr", "append_fromtag", 1)

request_route {
  if (is_method("OPTIONS") && !has_totag()) { sl_send_reply("200", "OK"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    # Only what follows the route set comes through (RFC 3261 16.4).
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("403", "Not by my route");
    exit;
  }
  t_check_trans();${ways.map(challenged).join('')}
  record_route();${ways.map(way).join('')}
  if ($du == $null) { sl_send_reply("404", "Not here"); exit; }
  t_relay();
}
`;

/** Starts it in the foreground; resolves when it answers OPTIONS. */
export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kamailio-'));
  const file = path.join(folder, 'kamailio.cfg');
  writeFileSync(file, settings(options));
  // -DD: stay in the foreground, with the children; -m, -M: megabytes of memory, shared and of each process.
  const args = ['-f', file, '-DD', '-E', '-m', '16', '-M', '4', '-Y', folder, '-w', folder];
  const child = spawn('kamailio', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4000);
    });
  const exited = once(child, 'close');
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(last);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answersOptions(options.port, () =>
      child.exitCode === null ? said : Promise.reject(new Error(`kamailio ended: ${said}`)),
    );
  } catch (error) {
    await end();
    throw error;
  }
  return { port: options.port, [Symbol.asyncDispose]: end };
}

async function answersOptions(port: number, state: () => string | Promise<never>): Promise<void> {
  const socket = createSocket('udp4');
  let answer: string | undefined;
  socket.on('message', (bytes) => {
    answer = bytes.toString('latin1');
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const me = `127.0.0.1:${socket.address().port}`;
  let asked = 0;
  try {
    await until('an answer of kamailio', async () => {
      if (answer?.startsWith('SIP/2.0 200 ')) return { is: true };
      const said = await state();
      asked += 1;
      const head = [
        `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${me};branch=z9hG4bK${asked}`,
        `From: <sip:test@${me}>;tag=1`,
        `To: <sip:127.0.0.1:${port}>`,
        ...[`Call-ID: ready${asked}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', ''],
      ];
      socket.send(head.join('\r\n'), port, '127.0.0.1');
      return { notYet: `it answers ${answer ?? 'nothing'}; it says ${said}` };
    });
  } finally {
    socket.close();
  }
}
