/** Keeps our registrations with the trunks that want one. */
import type { Registration, RegistrationState, SipEndpoint } from '../sip/api.ts';
import { type Trunk, targetOf } from './trunk.ts';

export class Registrations {
  readonly #endpoint: Pick<SipEndpoint, 'register'>;
  readonly #live = new Map<string, { readonly settings: string; readonly registration: Registration }>();

  constructor(endpoint: Pick<SipEndpoint, 'register'>) {
    this.#endpoint = endpoint;
  }

  /** Registers where it is wanted and not done yet; takes back what is wanted no more. */
  use(trunks: readonly Trunk[]): void {
    const wanted = new Map(trunks.flatMap((trunk) => (trunk.register ? [[trunk.name, trunk] as const] : [])));
    for (const [name, { settings, registration }] of this.#live) {
      if (JSON.stringify(wanted.get(name)) === settings) continue;
      this.#live.delete(name);
      // Whether the registrar still answers is its own affair: the binding runs out by itself.
      registration.stop().catch(() => undefined);
    }
    for (const [name, trunk] of wanted) {
      if (this.#live.has(name) || !trunk.register) continue;
      const registration = this.#endpoint.register({
        registrar: targetOf(trunk),
        aor: trunk.register.aor,
        expires: trunk.register.expiresSeconds,
        ...(trunk.credentials === undefined ? {} : { credentials: trunk.credentials }),
      });
      this.#live.set(name, { settings: JSON.stringify(trunk), registration });
    }
  }

  /** In words; undefined where none is kept. */
  of(name: string): string | undefined {
    const live = this.#live.get(name);
    return live && inWords(live.registration.state);
  }
}

function inWords(state: RegistrationState): string {
  switch (state.kind) {
    case 'registering':
      return 'registering';
    case 'registered':
      return `registered for ${state.expires} s`;
    case 'failed':
      return `not registered: ${state.why}; tried again in ${Math.round(state.retryInMs / 1000)} s`;
    case 'unregistered':
      return 'not registered';
  }
}
