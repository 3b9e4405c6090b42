/** The real command, as a person calls it; all of it without a server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ringback-cli-'));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly note: string;
}

function ringback(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const { RINGBACK_DATA: _data, RINGBACK_CONNECTION_STRING: _text, ...clean } = process.env;
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env: { ...clean, ...env } });
    let [out, note] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      note += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, note }));
  });
}

/** Messages are broken into lines that fit the page. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('ringback', { concurrency: 4 }, () => {
  after(() => rmSync(folder, { recursive: true }));

  test('a code is explained without a server', async () => {
    const pair = await ringback(['explain', '486/560486']);
    assert.equal(pair.code, 0);
    assert.match(pair.out, /^call\/486\/560486 /);
    assert.match(pair.out, /ringback reproduce call\/486\/560486/);
    const misprinted = await ringback(['explain', '60486', '--json']);
    assert.equal(JSON.parse(misprinted.out).rows[0].id, 'call/486/560486');
    const unknown = await ringback(['explain', '999999']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.out, /No documented code is 999999/);
  });

  test('an id that is no code says what else was tried', async () => {
    const { code, note } = await ringback(['explain', '9f2c1c9e-52c0-4c60-93a0-8d1f1c3f0a11']);
    assert.equal(code, 1);
    assert.match(note, /is no documented code\./);
    assert.match(
      flat(note),
      /No server could be asked .*\.ringback\/server\.json does not exist.*ringback start/,
    );
  });

  test('codes prints a table, or JSON with every field of the contract', async () => {
    const table = await ringback(['codes', '--table', 'sms', '--search', 'opt']);
    assert.equal(table.code, 0);
    assert.match(table.out, /^ROW +CATEGORY +STANDING +NAME\n/);
    const rows = JSON.parse((await ringback(['codes', '--json'])).out) as Readonly<Record<string, unknown>>[];
    assert.ok(rows.length > 250);
    for (const row of rows)
      for (const field of [
        'id',
        'surface',
        'code',
        'subCode',
        'category',
        'printed',
        'standing',
        'reproduce',
      ])
        assert.ok(field in row, field);
  });

  test('what is not understood exits with 2 and names it', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['codse'], /"codse" is not a command\. Did you mean "ringback codes"\?/],
      [
        ['codes', '--tabel', 'sms'],
        /"--tabel" is not an option of "ringback codes"\. Did you mean --table\?/,
      ],
      [['codes', '--table', 'smms'], /Did you mean sms\?/],
      [['--json', 'codes'], /The command comes first/],
      [['call'], /"ringback call" needs ID/],
      [['dial', '--from', '+14255550123'], /"ringback dial" needs --to NUMBER/],
      [['clock', 'advance', 'soon'], /"soon" is not a duration/],
      [['faults', 'break', 'store-ful'], /Did you mean store-full\?/],
      [['call', 'x', '--pcap'], /--pcap needs a value: --pcap FILE/],
      [['call', 'x', '--json', '--pcap', 'f'], /--pcap and --json exclude each other/],
      [['trunks', 'wach'], /"ringback trunks" takes watch or nothing, not "wach"/],
      [['subscribe', 'localhost'], /"localhost" is not an http or https URL/],
      [['start', '--clock', 'slow'], /--clock takes real, manual/],
    ];
    const runs = await Promise.all(wrong.map(([args]) => ringback(args)));
    for (const [index, { code, note, out }] of runs.entries()) {
      const [args, message] = wrong[index]!;
      assert.equal(code, 2, args.join(' '));
      assert.match(note, message);
      assert.equal(out, '');
    }
  });

  test('every command has help, and the overview lists them all', async () => {
    const overview = await ringback(['--help']);
    assert.equal(overview.code, 0);
    for (const name of ['start', 'explain', 'reproduce', 'subscriptions', 'diagnose'])
      assert.match(overview.out, new RegExp(`\n  ${name} `));
    const help = await ringback(['help', 'call']);
    assert.match(help.out, /^Usage: ringback call ID \[--mermaid\]/);
    assert.equal((await ringback([])).code, 2);
  });

  test('without a server, commands say which file was looked at and how to start one', async () => {
    const commands = [
      ['calls'],
      ['health'],
      ['connection-string'],
      ['call', 'x'],
      ['reset'],
      ['trunks', 'watch'],
    ];
    const runs = await Promise.all(commands.map((args) => ringback([...args, '--data', 'elsewhere'])));
    for (const { code, note } of runs) {
      assert.equal(code, 1);
      assert.match(note, /elsewhere\/server\.json does not exist\.\nStart one with "ringback start"/);
    }
  });

  test('a server.json of a server that is gone names its process; half a file says what to do', async () => {
    const data = join(folder, 'gone');
    mkdirSync(data);
    const file = join(data, 'server.json');
    const connectionString = 'endpoint=https://127.0.0.1:1/;accesskey=YQ==';
    // Port 1 of loopback: nobody listens there.
    writeFileSync(
      file,
      JSON.stringify({
        endpoint: 'https://127.0.0.1:1/',
        httpEndpoint: 'http://127.0.0.1:1/',
        connectionString,
        pid: 2 ** 22 + 1,
      }),
    );
    const gone = await ringback(['calls', '--data', data]);
    assert.equal(gone.code, 1);
    assert.match(
      flat(gone.note),
      /No server answers at http:\/\/127\.0\.0\.1:1 \(from \S+server\.json, process 4194305\)\. Start it/,
    );
    assert.equal(
      (await ringback(['connection-string'], { RINGBACK_DATA: data })).out,
      `${connectionString}\n`,
    );
    const clean = await ringback(['clean', '--data', data]);
    assert.equal(clean.code, 0);
    assert.ok(!existsSync(data));
    mkdirSync(data);
    writeFileSync(file, '{"endpoint":');
    const half = await ringback(['calls', '--data', data]);
    assert.match(half.note, /does not describe a server/);
  });

  test('clean deletes nothing that is not ours, and nothing that a live server uses', async () => {
    const foreign = join(folder, 'documents');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.txt'), 'years of work');
    const refused = await ringback(['clean', '--data', foreign]);
    assert.equal(refused.code, 1);
    assert.match(refused.note, /does not look like a data directory/);
    assert.ok(existsSync(join(foreign, 'thesis.txt')));
    const used = join(folder, 'used');
    mkdirSync(used);
    writeFileSync(
      join(used, 'server.json'),
      JSON.stringify({ endpoint: 'https://h/', connectionString: 'x', pid: process.pid }),
    );
    assert.match((await ringback(['clean', '--data', used])).note, /A server runs on it/);
    assert.ok(existsSync(used));
    assert.equal((await ringback(['clean', '--data', join(folder, 'never')])).code, 0);
  });

  test('reproduce refuses rows that nothing brings about, by their reason', async () => {
    const unknown = await ringback(['reproduce', 'call/999/1']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.note, /is no row with a scenario/);
    const rows = JSON.parse((await ringback(['codes', '--json'])).out) as {
      id: string;
      standing: string;
      why?: string;
    }[];
    const far = rows.find(({ standing }) => standing === 'out of reach');
    assert.ok(far?.why);
    const refused = await ringback(['reproduce', far.id]);
    assert.equal(refused.code, 1);
    assert.ok(flat(refused.note).includes(flat(far.why)));
  });

  test('what comes later says so', async () => {
    const { code, note } = await ringback(['diagnose', 'export.csv']);
    assert.equal(code, 1);
    assert.match(note, /comes with a later version/);
  });

  test('a certificate for a webhook needs no running server, and its key is its own', async () => {
    const { code, out } = await ringback([
      'cert',
      'localhost',
      '127.0.0.1',
      '--data',
      'pki',
      '--out',
      'certs',
      '--json',
    ]);
    assert.equal(code, 0);
    const { certFile, keyFile } = JSON.parse(out) as { certFile: string; keyFile: string };
    assert.ok(certFile.endsWith(join('certs', 'localhost.pem')) && existsSync(certFile));
    assert.ok(existsSync(keyFile));
    assert.match((await ringback(['ca', '--data', 'pki'])).out, /pki.ca\.pem\n$/);
    assert.equal((await ringback(['cert', 'not a name', '--data', 'pki'])).code, 1);
  });
});
