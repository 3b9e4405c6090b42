/** A throw-away server to play a scenario on, and a running one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentKey } from '../../src/config/development.ts';
import { type Ringback, type RingbackOptions, startRingback } from '../../src/testing.ts';
import type { Scenario } from '../scenario.ts';
import { EntraIssuer } from './entra-issuer.ts';
import type { Theatre } from './stage.ts';
import type { Web } from './web.ts';

/** Of the second resource that some scenarios set up; a key like any other, known to nobody's server. */
const otherKey = Buffer.from('the second resource of a throw-away server, in 64 bytes of text.').toString(
  'base64',
);

export interface OwnTheatre extends Theatre {
  close(): Promise<void>;
}

const settingsOf = ({ settings }: Scenario, web: Web, entra: EntraIssuer | undefined): string =>
  (settings ?? '')
    .replaceAll('DEVELOPMENT_KEY', developmentKey)
    .replaceAll('OTHER_KEY', otherKey)
    .replaceAll('SPEECH/', `${web.url}/speech/`)
    .replaceAll('ENTRA_ISSUER', entra?.url ?? 'ENTRA_ISSUER');

export async function ownTheatre(
  scenario: Scenario,
  web: Web,
  internals: RingbackOptions['internals'] = {},
): Promise<OwnTheatre> {
  const restarts = scenario.needs?.includes('restart') ?? false;
  const data = restarts ? mkdtempSync(join(tmpdir(), 'ringback-')) : undefined;
  const entra = scenario.settings?.includes('ENTRA_ISSUER') ? await EntraIssuer.open() : undefined;
  const start = (): Promise<Ringback> =>
    startRingback({
      config: settingsOf(scenario, web, entra),
      internals,
      ...(data === undefined ? {} : { data }),
    });
  let server = await start();
  let stopping: Promise<void> | undefined;
  return {
    key: developmentKey,
    otherKey,
    ...(entra ? { entra } : {}),
    clock: 'manual',
    rtpPorts: server.server.ready.rtp,
    address: () => ({ http: server.httpEndpoint, https: server.endpoint, ca: server.ca }),
    async crash() {
      await server.server.crash();
      server = await start();
    },
    async beginStop() {
      stopping = server.stop();
    },
    async close() {
      await (stopping ?? server.stop());
      await entra?.close();
      if (data !== undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}
