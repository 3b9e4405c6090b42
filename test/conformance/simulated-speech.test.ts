/** What the numbers of the simulated carrier say, understood by the embedded recogniser. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pocketsphinxMissing } from '../../src/edge/speech/embedded/peers.fixture.ts';
import { startRingback } from '../../src/testing.ts';
import { invite, openApplication, phone, resultOf } from '../peers/application.ts';
import { speech } from '../peers/media-stage.ts';

describe('a number that speaks', { skip: pocketsphinxMissing(), timeout: 60_000 }, () => {
  for (const [number, label] of [
    ['+15005552050', 'Confirm'],
    ['+15005552060', 'Cancel'],
  ] as const) {
    test(`${number} chooses ${label}`, async () => {
      const server = await startRingback({ config: 'drainTimeout: 100ms' });
      const app = await openApplication({ server: server.server.ready });
      try {
        const created = await app.client.createCall(invite(number), app.callbackUrl, speech);
        const id = created.callConnectionProperties.callConnectionId ?? '';
        await app.next('CallConnected', id);
        await app.client
          .getCallConnection(id)
          .getCallMedia()
          .startRecognizing(phone(number), {
            kind: 'callMediaRecognizeChoiceOptions',
            initialSilenceTimeoutInSeconds: 30,
            choices: [
              { label: 'Confirm', phrases: ['confirm'] },
              { label: 'Cancel', phrases: ['cancel'] },
            ],
          });
        const done = await app.next('RecognizeCompleted', id);
        assert.deepEqual(resultOf(done), [200, 8545]);
        assert.equal(done.choiceResult?.label, label);
      } finally {
        await server.stop();
        await app[Symbol.asyncDispose]();
      }
    });
  }
});
