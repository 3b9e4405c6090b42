/** Communication identifiers by their raw id (`8:acs:…`, `4:+…`); the wire shape is `wire/rest/identifier.ts`. */

export type Identifier =
  | { readonly kind: 'communicationUser'; readonly rawId: string }
  | { readonly kind: 'phoneNumber'; readonly rawId: string; readonly number: string }
  | { readonly kind: 'microsoftTeamsUser'; readonly rawId: string; readonly userId: string }
  | { readonly kind: 'microsoftTeamsApp'; readonly rawId: string; readonly appId: string }
  | { readonly kind: 'unknown'; readonly rawId: string };

const e164 = /^\+[1-9]\d{7,14}$/;
const acsUser = /^8:(?:acs|gcch-acs|dod-acs|spool):[^\s_]+_\S+$/;

/** `+` and 8 to 15 digits. */
export function isE164(number: string): boolean {
  return e164.test(number);
}

export function phoneNumber(number: string): Identifier {
  return { kind: 'phoneNumber', rawId: `4:${number}`, number };
}

export function communicationUser(rawId: string): Identifier {
  return { kind: 'communicationUser', rawId };
}

/** Undefined when the raw id starts with a known prefix and does not continue as it must. */
export function parseRawId(rawId: string): Identifier | undefined {
  if (rawId.startsWith('4:')) {
    const number = rawId.slice(2);
    return number === 'anonymous' || e164.test(number) || /^\d{3,8}$/.test(number)
      ? { kind: 'phoneNumber', rawId, number }
      : undefined;
  }
  if (/^8:(?:acs|gcch-acs|dod-acs|spool):/.test(rawId))
    return acsUser.test(rawId) ? communicationUser(rawId) : undefined;
  const teams = /^8:(?:orgid|gcch|dod|teamsvisitor):(\S+)$/.exec(rawId);
  if (teams?.[1]) return { kind: 'microsoftTeamsUser', rawId, userId: teams[1] };
  const app = /^28:(?:orgid|gcch|dod):(\S+)$/.exec(rawId);
  if (app?.[1]) return { kind: 'microsoftTeamsApp', rawId, appId: app[1] };
  if (/^(?:8:(?:orgid|gcch|dod|teamsvisitor)|28:(?:orgid|gcch|dod)):/.test(rawId)) return undefined;
  return rawId.length > 0 && !/\s/.test(rawId) ? { kind: 'unknown', rawId } : undefined;
}
