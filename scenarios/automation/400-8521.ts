import type { Scenario } from '../scenario.ts';

/** One more than a call may make. */
const redirects = 11;

export const scenario: Scenario = {
  row: 'automation/400/8521',
  story: 'Two numbers of ours redirect a call to each other, over and over.',
  observer: 'event',
  async play({ app, subscribe }) {
    await subscribe('takes');
    const numbers = ['+18005550102', '+18005550103'] as const;
    const call = await app.call(numbers[0]);
    for (let done = 1; done <= redirects; done += 1) {
      const value = numbers[done % 2];
      await app.request({
        method: 'POST',
        path: '/calling/callConnections:redirect',
        body: {
          incomingCallContext: await app.incoming(),
          target: { kind: 'phoneNumber', phoneNumber: { value } },
        },
      });
    }
    return call.event('CreateCallFailed');
  },
};
