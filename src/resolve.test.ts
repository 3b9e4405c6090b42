import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const resolve = fileURLToPath(new URL('resolve.ts', import.meta.url));
const run = promisify(execFile);

/** What a program that was started with `--import` says. */
async function said(program: string): Promise<unknown> {
  const { stdout } = await run(
    process.execPath,
    ['--import', resolve, '--input-type=module', '--eval', program],
    {
      timeout: 20_000,
    },
  );
  return JSON.parse(stdout);
}

test('the storage host is this machine however it is looked up, and other names are what they were', async () => {
  const program = `
    import { lookup, promises } from 'node:dns';
    import dns from 'node:dns/promises';
    const name = 'RingBack.asm.skype.com';
    const by = (...rest) => new Promise((done) => lookup(...rest, (error, ...found) => done(error?.code ?? found)));
    const addresses = ['127.0.0.1', '::1'];
    console.log(JSON.stringify([
      await by(name), await by(name, 6), await by(name, { all: true }), await by(name, { family: 'IPv4', all: true }),
      await promises.lookup(name), await dns.lookup(name, { all: true }),
      addresses.includes((await by('localhost'))[0]), await by('ringback.asm.skype.invalid', {}),
      addresses.includes((await promises.lookup('localhost')).address),
    ]));`;
  const v4 = { address: '127.0.0.1', family: 4 };
  const v6 = { address: '::1', family: 6 };
  const found = (await said(program)) as unknown[];
  assert.deepEqual(found.toSpliced(7, 1), [
    ['127.0.0.1', 4],
    ['::1', 6],
    [[v4, v6]],
    [[v4]],
    v4,
    [v4, v6],
    true,
    true,
  ]);
  assert.match(String(found[7]), /^(ENOTFOUND|EAI_AGAIN)$/);
});

test('clients of Node connect to this machine by that name', async (t) => {
  const server = createServer((request, response) => response.end(request.headers.host));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close().closeAllConnections());
  const host = `ringback.asm.skype.com:${(server.address() as AddressInfo).port}`;
  const program = `
    import { get } from 'node:http';
    const old = new Promise((done, fail) => get('http://${host}/', (answer) => answer.setEncoding('utf8').on('data', done)).on('error', fail));
    console.log(JSON.stringify([await (await fetch('http://${host}/')).text(), await old]));`;
  assert.deepEqual(await said(program), [host, host]);
});
