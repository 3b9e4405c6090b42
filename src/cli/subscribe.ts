import type { SubscriptionDefinition } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type Command, type Given, jsonOption, oneOf, serverOptions, UsageError } from './command.ts';
import { findDoor } from './server-file.ts';
import { exitOf, renderSubscription } from './subscriptions.ts';
import { asJson } from './table.ts';

/** `localhost-7071-api-events`: the same URL gives the same name, so that asking twice makes one subscription. */
export const nameFor = (url: URL): string =>
  `${url.host}${url.pathname}`
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);

function definition(given: Given): SubscriptionDefinition {
  const [url = ''] = given.operands;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`"${url}" is not an http or https URL.`);
  }
  const events = given
    .text('events')
    ?.split(/[\s,]+/)
    .map((event) => event.replace(/^Microsoft\.Communication\./, ''))
    .filter((event) => event !== '');
  const schema = oneOf(given, 'schema', ['eventgrid', 'cloudevents'] as const);
  return {
    name: given.text('name') ?? nameFor(new URL(url)),
    endpoint: url,
    ...(events === undefined ? {} : { events }),
    ...(schema === undefined ? {} : { schema }),
  };
}

export const command: Command = {
  name: 'subscribe',
  operands: 'URL',
  count: { least: 1, most: 1 },
  about: 'Sends events to a webhook, once it has passed the validation handshake.',
  options: {
    events: { value: 'A,B', says: 'event types, such as IncomingCall (default all)' },
    schema: { value: 'S', says: 'eventgrid (default) or cloudevents' },
    name: { value: 'NAME', says: 'name of the subscription (default from the URL)' },
    ...jsonOption,
    ...serverOptions,
  },
  run: async (given, out) => {
    const wanted = definition(given);
    const subscription = await api.subscribe(findDoor(given), wanted);
    out.line(given.isSet('json') ? asJson(subscription) : renderSubscription(subscription));
    return exitOf(subscription);
  },
};
