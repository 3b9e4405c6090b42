import type { LiveRow } from '../../src/codes/catalogue.ts';
import type { Scenario } from '../scenario.ts';
import { recognise } from './media-actions.ts';
import { endingCall } from './transfer-request.ts';

interface Pressed {
  /** `one`: presses 1; `all`: presses 1234#. */
  readonly keys: 'one' | 'all';
  readonly input: 'dtmf' | 'choices';
  readonly options: Readonly<Record<string, unknown>>;
  readonly event: 'RecognizeCompleted' | 'RecognizeFailed';
}

/** A phone presses keys that an application waits for. */
export function phonePresses(
  row: LiveRow,
  story: string,
  { keys, input, options, event }: Pressed,
): Scenario {
  const number = keys === 'one' ? '+15005552040' : '+15005552070';
  return {
    row,
    story,
    observer: 'event',
    async play(stage) {
      const call = await stage.app.call(number);
      await call.event('CallConnected');
      await recognise(call, number, input, { initialSilenceTimeoutInSeconds: 30, ...options });
      return endingCall(call, await call.event(event));
    },
  };
}
