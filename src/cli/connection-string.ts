import { type Command, dataOption } from './command.ts';
import { dataDirectory, needServerFile } from './server-file.ts';

export const command: Command = {
  name: 'connection-string',
  operands: '',
  count: { least: 0, most: 0 },
  about: 'The connection string of the server running on this data directory, for SDKs and tests.',
  options: dataOption,
  run: (given, out) => {
    out.line(needServerFile(dataDirectory(given)).connectionString);
    return 0;
  },
};
