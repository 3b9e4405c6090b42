import { invalid, jsonKind, type Take } from './decoded.ts';

/** `http` on loopback is a switch of ours (`--allow-http-callbacks`); ACS takes https only. */
export interface CallbackPolicy {
  readonly allowHttpCallbacks: boolean;
}

const MAX = 4096;

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

export function callbackUri({ allowHttpCallbacks }: CallbackPolicy): Take<string> {
  return (value, field) => {
    if (typeof value !== 'string') return invalid(field, `It must be a string and is ${jsonKind(value)}.`);
    if (value.length > MAX) return invalid(field, `It may have ${MAX} characters and has ${value.length}.`);
    const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
    if (!url) return invalid(field, 'It must be an absolute https URL.');
    if (url.username !== '' || url.password !== '')
      return invalid(field, 'It must not carry a user name or password.');
    if (url.protocol === 'https:') return { ok: value };
    if (!allowHttpCallbacks) {
      return invalid(
        field,
        'It must be an https URL; --allow-http-callbacks accepts http on loopback for local trials.',
      );
    }
    if (!isLoopback(url.hostname)) {
      return invalid(
        field,
        `It must be an https URL; http is allowed on loopback only, and ${url.hostname} is elsewhere.`,
      );
    }
    return { ok: value };
  };
}
