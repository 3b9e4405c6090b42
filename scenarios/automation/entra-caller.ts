import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';

export interface EntraCaller {
  readonly row: LiveRow;
  readonly story: string;
  /** What its token says beside what every token does. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedWith?: 'key' | 'certificate';
  /** Who was given access, as YAML. */
  readonly access?: string;
  readonly accounts?: string;
}

/** An application that shows an Entra token instead of an access key. */
export function entraCaller(caller: EntraCaller): Scenario {
  const { row, story, claims = {}, signedWith = 'key' } = caller;
  const { access = '[{ id: b27b64b9-39d2-44a3-869d-67700b74e805 }]', accounts = '[application]' } = caller;
  return {
    row,
    story,
    observer: 'http',
    needs: ['settings'],
    settings: `
entra:
  - issuer: ENTRA_ISSUER/{tenantid}/v2.0
    keys: ENTRA_ISSUER/keys
    tenant: c70d068c-2f32-484d-9455-73070cd5aadd
    accounts: ${accounts}
    access: ${access}
`,
    async play(stage) {
      const credentials = { authorization: `Bearer ${await stage.entraToken(claims, signedWith)}` };
      const request = { method: 'GET', path: '/calling/callConnections/x', credentials, https: true };
      return (await stage.app.request(request)).observed;
    },
  };
}
