import * as api from './admin-api.ts';
import { type Command, Failure, jsonOption, serverOptions, UsageError } from './command.ts';
import { renderLadder } from './ladder.ts';
import { renderMermaid } from './mermaid.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';
import { verdictBlock } from './verdict.ts';

export const command: Command = {
  name: 'call',
  operands: 'ID',
  count: { least: 1, most: 1 },
  about:
    'One call on one time axis: requests, every SIP message, media, states, events and their delivery, then why it ended. ID is a call id, call connection id, server call id, correlation id or leg id.',
  options: {
    mermaid: { says: 'a Mermaid sequence diagram instead of text' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const [id = ''] = given.operands;
    if (given.isSet('mermaid') && given.isSet('json'))
      throw new UsageError('--mermaid and --json exclude each other.');
    const door = findDoor(given);
    const explanation = await api.explanation(door, id);
    if (!explanation) {
      throw new Failure(
        `The server at ${door.origin.origin} knows no call "${id}". "ringback calls" lists the recent ones.`,
      );
    }
    if (given.isSet('json')) out.line(asJson(explanation));
    else if (given.isSet('mermaid')) out.line(renderMermaid(explanation.timeline));
    else out.line(`${renderLadder(explanation.timeline)}\n\n${verdictBlock(explanation)}`);
    return 0;
  },
};
