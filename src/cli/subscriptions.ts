import type { SubscriptionStatus } from '../app/ports/administration.ts';
import * as api from './admin-api.ts';
import { type Command, type ExitCode, Failure, jsonOption, serverOptions, UsageError } from './command.ts';
import { findDoor } from './server-file.ts';
import { asJson, clockTime } from './table.ts';
import { wrap } from './wrap.ts';

const states = {
  Creating: 'being validated',
  Succeeded: 'receives events',
  AwaitingManualAction: 'waits for its validation URL to be opened',
  Failed: 'receives nothing',
} as const satisfies Record<SubscriptionStatus['state'], string>;

export function renderSubscription(subscription: SubscriptionStatus): string {
  const { name, state, since, endpoint, events, schema, reason, validationUrl } = subscription;
  return [
    `${name}  ${state} since ${clockTime(since)} UTC: ${states[state]}`,
    `  ${endpoint}`,
    `  ${events === undefined || events.length === 0 ? 'every event' : events.join(', ')}, ${schema ?? 'eventgrid'} schema`,
    ...(reason === undefined ? [] : [`  ${wrap(`Why: ${reason}`, { indent: '  ' })}`]),
    ...(validationUrl === undefined || state === 'Succeeded' ? [] : [`  Open: ${validationUrl}`]),
  ].join('\n');
}

export const exitOf = ({ state }: SubscriptionStatus): ExitCode => (state === 'Failed' ? 1 : 0);

export const command: Command = {
  name: 'subscriptions',
  operands: '[validate NAME | remove NAME]',
  count: { least: 0, most: 2 },
  about:
    'Event subscriptions with their validation state and its reason; or validates one again, or removes one.',
  options: { ...jsonOption, ...serverOptions },
  run: async (given, out) => {
    const [verb, name] = given.operands;
    const json = given.isSet('json');
    if (verb !== undefined && verb !== 'validate' && verb !== 'remove') {
      throw new UsageError(`"ringback subscriptions" takes validate NAME or remove NAME, not "${verb}".`);
    }
    if (verb !== undefined && name === undefined)
      throw new UsageError(`"ringback subscriptions ${verb}" needs NAME.`);
    const door = findDoor(given);
    const none = `There is no subscription "${name}". "ringback subscriptions" lists them.`;
    if (verb === 'validate') {
      const subscription = await api.validate(door, name ?? '');
      if (!subscription) throw new Failure(none);
      out.line(json ? asJson(subscription) : renderSubscription(subscription));
      return exitOf(subscription);
    }
    if (verb === 'remove') {
      if (!(await api.unsubscribe(door, name ?? ''))) throw new Failure(none);
      out.line(json ? asJson({ removed: name }) : `${name} is removed.`);
      return 0;
    }
    const subscriptions = await api.subscriptions(door);
    const text = subscriptions.map(renderSubscription).join('\n\n');
    out.line(
      json
        ? asJson(subscriptions)
        : text === ''
          ? 'No subscriptions. "ringback subscribe URL" makes one.'
          : text,
    );
    return 0;
  },
};
