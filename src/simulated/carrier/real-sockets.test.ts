import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { RealClock } from '../../edge/clock/real-clock.ts';
import { createMediaHost } from '../../edge/media/host.ts';
import { openMediaDiary } from '../../edge/media/phone.fixture.ts';
import type { Target } from '../../edge/sip/api.ts';
import { wallClock } from '../../edge/sip/clock.ts';
import { createSipEndpoint } from '../../edge/sip/endpoint.ts';
import { findAudio, offerAudio } from '../../wire/sdp/audio.ts';
import { parseSdp } from '../../wire/sdp/sdp.ts';
import { createSimulatedCarrier } from './carrier.ts';

test('over real sockets, the media host hears the far end and its key, and silence after the line is cut', async () => {
  const clock = new RealClock();
  const server: Target = { host: '127.0.0.1', port: 9, protocol: 'udp' };
  const carrier = createSimulatedCarrier({ clock, quiet: new QuietWatch(), server: () => server });
  const { host, port } = await carrier.start();
  const diary = openMediaDiary();
  const media = createMediaHost({ rtpPorts: [0, 0], address: host, onEvent: diary.onEvent });
  await media.start();
  const endpoint = createSipEndpoint({ hosts: [host], port: 0, clock: wallClock });
  await endpoint.start();

  media.port.allocate('call', 'leg');
  const { local } = await diary.next('allocated');
  const description = { direction: 'sendrecv', sessionId: 1, version: 1 } as const;
  const call = endpoint.invite(
    {
      target: { host, port, protocol: 'udp' },
      requestUri: `sip:+15005552040@${host}:${port}`,
      from: `sip:+18005550100@${host}`,
      to: `sip:+15005552040@${host}`,
      sdp: offerAudio({ address: local.address, port: local.port, ...description }),
    },
    {
      answered: ({ sdp }) => {
        const audio = findAudio(parseSdp(sdp ?? '') ?? { iceLite: false, media: [] });
        assert.ok('port' in audio, 'the answer has no audio');
        media.port.connect('leg', audio);
      },
      ended: () => {},
    },
  );
  await diary.next('heard');
  const { tone, durationMs } = await diary.next('tone');
  assert.deepEqual([tone, durationMs], ['1', 100]);
  const far = carrier.calls()[0]!;
  assert.ok(far.packetsHeard > 0);
  far.stopMedia();
  await diary.next('silent');
  far.resumeMedia();
  await diary.next('heard');

  call.bye();
  await endpoint.stop();
  await carrier.stop();
  await media.stop();
  clock.stop();
});
