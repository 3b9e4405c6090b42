import type { SubscriptionDefinition } from '../../app/ports/administration.ts';

const prefix = 'Microsoft.Communication.';

/** Event types may be written with or without `Microsoft.Communication.`. */
export const shortType = (type: string): string =>
  type.startsWith(prefix) ? type.slice(prefix.length) : type;

/** Whether a subscription's filters let the event through. Subjects are compared without case, as Event Grid does. */
export function takes(
  { events, subjectBeginsWith = '', subjectEndsWith = '' }: SubscriptionDefinition,
  type: string,
  subject: string,
): boolean {
  if (events && !events.some((name) => shortType(name) === shortType(type))) return false;
  const text = subject.toLowerCase();
  return text.startsWith(subjectBeginsWith.toLowerCase()) && text.endsWith(subjectEndsWith.toLowerCase());
}

/** Equal for definitions that mean the same, however they are written. */
export function settingsOf(definition: SubscriptionDefinition): string {
  const { events, schema = 'eventgrid', headers = {}, ...rest } = definition;
  const settings = {
    ...rest,
    schema,
    events: events?.map(shortType).sort(),
    headers: Object.entries(headers)
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .sort(),
  };
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}
