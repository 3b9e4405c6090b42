import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, dataOption, jsonOption } from './command.ts';
import { dataDirectory } from './server-file.ts';
import { asJson } from './table.ts';

/** `*.example.com` and `::1` as names of files on every system. */
export const fileNameFor = (name: string): string => name.replace(/[^A-Za-z0-9.-]+/g, '_');

export const command: Command = {
  name: 'cert',
  operands: 'NAME…',
  count: { least: 1, most: 50 },
  about:
    'A leaf certificate of the local CA for your webhook, for host names or IP addresses such as localhost 127.0.0.1. Written as NAME.pem and NAME-key.pem of the first name. Needs no running server.',
  options: { out: { value: 'DIR', says: 'where to write them (default .)' }, ...dataOption, ...jsonOption },
  run: async (given, out) => {
    const { issueCertificate } = await import('../main.ts');
    const { cert, key } = await issueCertificate(dataDirectory(given), given.operands);
    const directory = resolve(given.text('out') ?? '.');
    mkdirSync(directory, { recursive: true });
    const name = fileNameFor(given.operands[0] ?? '');
    const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}-key.pem`)];
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert);
    out.line(
      given.isSet('json')
        ? asJson({ certFile, keyFile })
        : `certificate  ${certFile}\nkey          ${keyFile}`,
    );
    return 0;
  },
};
