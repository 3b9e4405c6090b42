/** Keeps our registrations with the trunks that want one. */
import type { RegisterOptions, Registration, RegistrationState, SipEndpoint } from '../sip/api.ts';
import { type Trunk, targetOf } from './trunk.ts';

interface Live {
  readonly settings: string;
  readonly registration: Registration;
}

export class Registrations {
  readonly #endpoint: Pick<SipEndpoint, 'register'>;
  #wanted: ReadonlyMap<string, RegisterOptions> = new Map();
  readonly #live = new Map<string, Live>();
  /** Being taken back: what replaces one must not be told to the registrar before it. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(endpoint: Pick<SipEndpoint, 'register'>) {
    this.#endpoint = endpoint;
  }

  /** Registers where it is wanted and not done yet, and anew where a trunk has `moved`; takes back what is wanted no more. */
  use(trunks: readonly Trunk[], moved: ReadonlySet<string> = new Set()): void {
    this.#wanted = new Map(
      trunks.flatMap((trunk) => (trunk.register ? [[trunk.name, optionsOf(trunk, trunk.register)]] : [])),
    );
    for (const [name, { settings, registration }] of this.#live) {
      if (JSON.stringify(this.#wanted.get(name)) === settings && !moved.has(name)) continue;
      this.#live.delete(name);
      // Whether the registrar still answers is its own affair: the binding runs out by itself.
      const gone = registration.stop().catch(() => undefined);
      this.#leaving.set(name, gone);
      void gone.then(() => {
        this.#leaving.delete(name);
        this.#begin();
      });
    }
    this.#begin();
  }

  #begin(): void {
    for (const [name, options] of this.#wanted) {
      if (this.#live.has(name) || this.#leaving.has(name)) continue;
      const registration = this.#endpoint.register(options);
      this.#live.set(name, { settings: JSON.stringify(options), registration });
    }
  }

  /** Nothing new is registered any more; the endpoint takes back what is. */
  stop(): void {
    this.#wanted = new Map();
  }

  /** How it stands, and in words; undefined where none is kept. */
  of(name: string): { readonly registered: boolean; readonly registration: string } | undefined {
    if (!this.#wanted.has(name)) return undefined;
    const state = this.#live.get(name)?.registration.state ?? { kind: 'registering' };
    return { registered: state.kind === 'registered', registration: inWords(state) };
  }
}

function optionsOf(trunk: Trunk, { aor, expiresSeconds }: NonNullable<Trunk['register']>): RegisterOptions {
  const { credentials } = trunk;
  return {
    registrar: targetOf(trunk),
    aor,
    expires: expiresSeconds,
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function inWords(state: RegistrationState): string {
  switch (state.kind) {
    case 'registering':
      return 'registering';
    case 'registered':
      return `registered for ${state.expires} s`;
    case 'failed': {
      const wrong = refusesUs(state.status) ? ', so user or password is wrong' : '';
      return `not registered: ${state.why}${wrong}; tried again in ${Math.round(state.retryInMs / 1000)} s`;
    }
    case 'unregistered':
      return 'not registered';
  }
}

/** RFC 3261 22.2: an answer to credentials that says they do not do. */
function refusesUs(status: number | undefined): boolean {
  return status === 401 || status === 403 || status === 407;
}
