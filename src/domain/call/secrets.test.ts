import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RemoteMedia } from './leg-events.ts';
import { withoutSecrets } from './secrets.ts';
import { created, remote, target } from './told-call.fixture.ts';

test('what is stored of a call has none of its keys, and everything else', () => {
  const secured: RemoteMedia = {
    ...remote,
    crypto: { suite: 'AES_CM_128_HMAC_SHA1_80', key: 'secret 1' },
    ice: { ufrag: 'them', password: 'secret 2', lite: false, candidates: [] },
  };
  const call = created(target('leg'));
  const local = { address: '127.0.0.1', port: 20_000 };
  const secrets = {
    keys: { AES_CM_128_HMAC_SHA1_80: 'secret 3' },
    ice: { ufrag: 'us', password: 'secret 4' },
  };
  call.tell({ input: 'media', event: { kind: 'allocated', legId: 'leg', local: { ...local, ...secrets } } });
  call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'leg', remote: secured } });
  call.tell({
    input: 'trunk',
    event: { kind: 'media-changed', legId: 'leg', remote: { ...secured, direction: 'sendonly' } },
  });
  assert.match(JSON.stringify(call.facts), /secret 1.*secret 2/);
  const stored = call.facts.map(withoutSecrets);
  assert.doesNotMatch(JSON.stringify(stored), /secret \d/);
  const allocated = stored.find(({ fact }) => fact === 'leg-allocated');
  assert.deepEqual(allocated?.fact === 'leg-allocated' && allocated.local, local);
  const answered = stored.find(({ fact }) => fact === 'leg-answered');
  const kept = answered?.fact === 'leg-answered' ? answered.remote : undefined;
  assert.deepEqual(
    [kept?.port, kept?.crypto?.suite, kept?.ice?.ufrag],
    [40_000, 'AES_CM_128_HMAC_SHA1_80', 'them'],
  );
});
