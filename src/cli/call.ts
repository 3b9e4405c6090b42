import { writeFileSync } from 'node:fs';
import * as api from './admin-api.ts';
import {
  type Command,
  type ExitCode,
  Failure,
  type Given,
  jsonOption,
  type Out,
  serverOptions,
  UsageError,
} from './command.ts';
import { renderLadder } from './ladder.ts';
import { renderMermaid } from './mermaid.ts';
import { type Door, findDoor } from './server-file.ts';
import { asJson } from './table.ts';
import { verdictBlock } from './verdict.ts';

const unknown = (door: Door, id: string): Failure =>
  new Failure(
    `The server at ${door.origin.origin} knows no call "${id}". "ringback calls" lists the recent ones.`,
  );

/** The header of a capture file; after it come the packets. */
const emptyCapture = 24;

async function saveCapture(door: Door, id: string, file: string, out: Out): Promise<ExitCode> {
  const capture = await api.capture(door, id);
  if (!capture) throw unknown(door, id);
  if (capture.length <= emptyCapture)
    throw new Failure(`No SIP message of call "${id}" went over a trunk: there is nothing to write.`);
  try {
    writeFileSync(file, capture);
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
  out.note(`${file} is written (${capture.length} bytes): open it with Wireshark, tshark -r or sngrep -I.`);
  return 0;
}

function formOf(given: Given): 'mermaid' | 'pcap' | 'json' | undefined {
  const [form, other] = (['mermaid', 'pcap', 'json'] as const).filter((option) => given.isSet(option));
  if (other !== undefined) throw new UsageError(`--${form} and --${other} exclude each other.`);
  return form;
}

export const command: Command = {
  name: 'call',
  operands: 'ID',
  count: { least: 1, most: 1 },
  about:
    'One call on one time axis: requests, every SIP message, media, states, events and their delivery, then why it ended. ID is a call id, call connection id, server call id, correlation id or leg id.\n--pcap writes the SIP messages, without credentials and keys, for Wireshark, tshark and sngrep.',
  options: {
    mermaid: { says: 'a Mermaid sequence diagram instead of text' },
    pcap: { value: 'FILE', says: 'write the SIP messages as a capture file instead' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const [id = ''] = given.operands;
    const form = formOf(given);
    const door = findDoor(given);
    if (form === 'pcap') return saveCapture(door, id, given.text('pcap') ?? '', out);
    const explanation = await api.explanation(door, id);
    if (!explanation) throw unknown(door, id);
    if (form === 'json') out.line(asJson(explanation));
    else if (form === 'mermaid') out.line(renderMermaid(explanation.timeline));
    else out.line(`${renderLadder(explanation.timeline)}\n\n${verdictBlock(explanation)}`);
    return 0;
  },
};
