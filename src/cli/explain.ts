import type { Explanation } from '../app/explain/timeline.ts';
import type { MessageStory, TextStory } from '../app/ports/administration.ts';
import { lookUp } from '../codes/lookup.ts';
import * as api from './admin-api.ts';
import { type Command, Failure, jsonOption, serverOptions } from './command.ts';
import { renderLookup } from './explain-code.ts';
import { renderStory } from './message-story.ts';
import { findDoor } from './server-file.ts';
import { asJson } from './table.ts';
import { renderTextStory } from './text-story.ts';
import { renderVerdict } from './verdict.ts';

/** Ids hold a letter or are long; codes are a few digits. */
const mayBeId = (text: string): boolean => /^[\w.:@-]{4,}$/.test(text) && !/^\d{1,6}$/.test(text);

/** As the ids of texts begin; they are never those of calls. */
const textId = /^(?:Outgoing|Incoming)_\d{14}/;

const render = (story: MessageStory | TextStory): string =>
  'surface' in story ? renderTextStory(story) : renderStory(story);

export const command: Command = {
  name: 'explain',
  operands: 'CODE[/SUBCODE]|SUBCODE|ROW-ID|CALL-ID|MESSAGE-ID',
  count: { least: 1, most: 3 },
  about:
    'What a code means, why this call ended as it did, or what happened to a chat message or a text. Codes need no server. A call is known by its call id, call connection id, server call id, correlation id or leg id.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const query = given.operands.join(' ');
    const json = given.isSet('json');
    const lookup = lookUp(query);
    if (lookup.kind !== 'unknown') {
      out.line(renderLookup(lookup, { json }));
      return 0;
    }
    if (!mayBeId(query)) {
      out.line(renderLookup(lookup, { json }));
      return 1;
    }
    let explanation: Explanation | undefined;
    let stories: readonly (MessageStory | TextStory)[] = [];
    let asked: string;
    try {
      const door = findDoor(given);
      if (!textId.test(query)) explanation = await api.explanation(door, query);
      if (!explanation) stories = await api.messages(door, query);
      asked = `The server at ${door.origin.origin} knows no call or message "${query}".`;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      asked = `No server could be asked for a call or message of that id. ${error.message}`;
    }
    if (explanation) {
      out.line(json ? asJson(explanation) : renderVerdict(explanation));
      return 0;
    }
    if (stories.length > 0) {
      out.line(json ? asJson({ messages: stories }) : stories.map(render).join('\n\n'));
      return 0;
    }
    throw new Failure(`"${query}" is no documented code.\n${asked}`);
  },
};
