import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpeechProviders, embeddedEndpoint, type SpeechLink } from './provider-for.ts';

test('a resource is served by the provider of the endpoint that it is linked to, and by no other', async () => {
  const asked: string[] = [];
  const links = new Map<string, readonly SpeechLink[]>([
    [
      'dev',
      [
        { kind: 'embedded', endpoint: embeddedEndpoint },
        { kind: 'azure', endpoint: 'https://me.example.com/speech/', key: 'a' },
      ],
    ],
    ['other', [{ kind: 'openai', endpoint: 'https://local.example.com', key: 'b' }]],
  ]);
  const providers = createSpeechProviders({
    links,
    fetch: async ({ url }) => {
      asked.push(url);
      return { failed: 'Nobody is there.', how: 'unreachable' };
    },
  });
  const embedded = providers.providerFor('dev', 'https://RINGBACK.cognitiveservices.azure.com:443');
  assert.ok(embedded);
  assert.equal(providers.providerFor('dev', embeddedEndpoint), embedded);
  const spoken = await embedded.synthesise({ said: { kind: 'text', text: 'yes' } });
  assert.equal(spoken.kind, 'speech');
  for (const [resource, endpoint] of [
    ['dev', 'https://me.example.com/speech'],
    ['other', 'https://local.example.com/'],
  ] as const) {
    const provider = providers.providerFor(resource, endpoint);
    assert.equal((await provider?.synthesise({ said: { kind: 'text', text: 'yes' } }))?.kind, 'failed');
  }
  assert.deepEqual(asked, [
    'https://me.example.com/speech/cognitiveservices/v1',
    'https://local.example.com/v1/audio/speech',
  ]);
  assert.equal(providers.providerFor('other', embeddedEndpoint), undefined);
  assert.equal(providers.providerFor('dev', 'https://me.example.com/'), undefined);
  assert.equal(providers.providerFor('nobody', embeddedEndpoint), undefined);
  assert.equal(providers.providerFor('dev', 'no url'), undefined);
  await providers.close();
});
