import type { Scenario } from '../scenario.ts';
import { twoResources } from './two-resources.ts';

export const scenario: Scenario = {
  row: 'automation/403/7600',
  story: 'A request is signed with the key of a resource that has been switched off.',
  observer: 'http',
  needs: ['settings'],
  settings: twoResources('', ', enabled: false'),
  async play({ other }) {
    const body = other.createBody('+15005552000');
    return (await other.request({ method: 'POST', path: '/calling/callConnections', body })).observed;
  },
};
