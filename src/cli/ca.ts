import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, dataOption, Failure } from './command.ts';
import { dataDirectory, readServerFile } from './server-file.ts';

const howToTrust = (file: string): string =>
  [
    'To trust it:',
    `  Node:             export NODE_EXTRA_CA_CERTS=${file}`,
    `  Debian, Ubuntu:   cp ${file} /usr/local/share/ca-certificates/ringback.crt && update-ca-certificates`,
    `  Chromium (Linux): certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n ringback -i ${file}`,
    `  macOS:            security add-trusted-cert -k ~/Library/Keychains/login.keychain-db ${file}`,
    `  Windows:          certutil -user -addstore Root ${file}`,
    'A server with a certificate of its own (tls in its configuration) does not use it.',
  ].join('\n');

export const command: Command = {
  name: 'ca',
  operands: '',
  count: { least: 0, most: 0 },
  about:
    'The file of the local certificate authority, and how to trust it. The path alone goes to the standard output.',
  options: dataOption,
  run: (given, out) => {
    const directory = dataDirectory(given);
    // The directory keeps it between two runs of the server.
    const file = resolve(readServerFile(directory)?.caFile ?? join(directory, 'ca.pem'));
    if (!existsSync(file)) {
      throw new Failure(
        `${file} does not exist: the CA is made at the first "ringback start" or "ringback cert".`,
      );
    }
    out.line(file);
    out.note(howToTrust(file));
    return 0;
  },
};
