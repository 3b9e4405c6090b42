import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Remember } from '../../app/desks/commands.ts';
import type { ParticipantOperations } from '../../app/desks/participant-commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import type { RepeatRecord } from '../../app/ports/store.ts';
import type { PhoneLeg } from '../../domain/call/call.ts';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import {
  ask,
  callPath,
  connectionId,
  createBody,
  type Door,
  openDoor,
  version,
  viewOf,
} from './door.fixture.ts';

const noon = 0;
const legOf = (index: number): PhoneLeg => ({
  id: `leg-${index}`,
  direction: 'outbound',
  startedAt: noon + index,
  party: phoneNumber(`+1500555${2000 + index}`),
  ours: '+18005550100',
  media: false,
  capped: false,
  headers: [],
  at: { phase: 'up', since: noon, media: { watch: 'exempt' } },
});

/** In a call with so many phones and the application itself. */
function doorWith(phones: number): Door {
  const view = viewOf({}, { phase: 'connected', since: noon });
  const legs = Object.fromEntries(Array.from({ length: phones }, (_, i) => [`leg-${i}`, legOf(i)]));
  return openDoor({ calls: { connection: () => ({ ok: { ...view, call: { ...view.call, legs } } }) } });
}

interface Page {
  readonly value: readonly { readonly identifier: { readonly rawId: string } }[];
  readonly nextLink?: string;
}
const participantsPath = callPath.replace('?', '/participants?');

describe('the list of participants', () => {
  test('has fifty on a page, and the address of the next one as long as there is more', async () => {
    const door = doorWith(120);
    const seen = new Set<string>();
    const lengths: number[] = [];
    let path: string | undefined = participantsPath;
    while (path !== undefined) {
      const page: Page = (await ask(door, { path })).json<Page>();
      lengths.push(page.value.length);
      for (const { identifier } of page.value) seen.add(identifier.rawId);
      const next: URL | undefined = page.nextLink === undefined ? undefined : new URL(page.nextLink);
      assert.ok(next === undefined || next.host === 'localhost:8080');
      path = next && next.pathname + next.search;
    }
    assert.deepEqual(lengths, [50, 50, 21]);
    assert.equal(seen.size, 121);
  });

  test('begins nowhere else than where a nextLink says', async () => {
    for (const skip of ['-1', 'x', '1.5', '']) {
      const got = await ask(doorWith(2), { path: `${participantsPath}&skip=${skip}` });
      assert.equal(got.row, skip === '' ? undefined : 'automation/400/8523', skip);
    }
    const past = await ask(doorWith(2), { path: `${participantsPath}&skip=1000` });
    assert.deepEqual(past.json<Page>().value, []);
  });
});

const bob = { kind: 'phoneNumber', phoneNumber: { value: '+15005552001' } };
const carol = { communicationUser: { id: '8:acs:r_carol' } };

interface Asked {
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer?: object;
}

const unheard = { isMuted: false, isOnHold: false };
const bobModel = { kind: 'phoneNumber', rawId: '4:+15005552001', phoneNumber: { value: '+15005552001' } };
const action = (name: string): string => callPath.replace('?', `${name}?`);

/** What each is asked with, and answered when the desk accepts. */
const operations: Readonly<Record<Exclude<keyof ParticipantOperations, 'connect' | 'unmute'>, Asked>> = {
  add: {
    path: action('/participants:add'),
    body: {
      participantToAdd: bob,
      operationContext: 'x',
      customCallingContext: { voipHeaders: {}, sipHeaders: { 'X-Order': '7' } },
      invitationTimeoutInSeconds: 0,
    },
    status: 202,
    answer: { participant: { identifier: bobModel, ...unheard }, operationContext: 'x', invitationId: 'i' },
  },
  remove: {
    path: action('/participants:remove'),
    body: { participantToRemove: bob, operationContext: 'x' },
    status: 202,
    answer: { operationContext: 'x' },
  },
  mute: {
    path: action('/participants:mute'),
    body: { targetParticipants: [carol], operationContext: 'x' },
    status: 200,
    answer: { operationContext: 'x' },
  },
  cancelAdd: {
    path: action('/participants:cancelAddParticipant'),
    body: { invitationId: 'i', operationContext: 'x' },
    status: 202,
    answer: { invitationId: 'i', operationContext: 'x' },
  },
  move: {
    path: action('/participants:moveHere'),
    body: { targetParticipants: [bob], fromCall: 'f', operationContext: 'x' },
    status: 202,
    answer: { participants: [{ identifier: bobModel, ...unheard }], operationContext: 'x', fromCall: 'f' },
  },
  hold: { path: action(':hold'), body: { targetParticipant: bob }, status: 200 },
};

describe('an operation on participants', () => {
  let commands: unknown[];
  let door: Door;
  beforeEach(() => {
    commands = [];
    /** As the desk does: what is remembered is stored with the decision. */
    const keep = (record: RepeatRecord | undefined): void => {
      if (record) door.repeats.set(record.key, record);
    };
    const accept = async (command: unknown, remember?: Remember<undefined>) => {
      commands.push(command);
      keep(remember?.({ ok: undefined }));
      return { ok: undefined };
    };
    const { call } = viewOf();
    door = openDoor({
      participants: {
        add: async (command, remember) => {
          commands.push(command);
          const ok = { invitationId: 'i', call };
          keep(remember?.({ ok }));
          return { ok };
        },
        remove: accept,
        mute: accept,
        cancelAdd: accept,
        move: accept,
        hold: accept,
        unmute: async () => ({ refused: refuse('unmute-of-another', noon, 'they must') }),
        connect: async (_command, remember) => {
          keep(remember?.({ ok: viewOf() }));
          return { ok: viewOf() };
        },
      },
    });
  });

  for (const [name, { path, body, status, answer }] of Object.entries(operations)) {
    test(`is accepted with its own status: ${name}`, async () => {
      const got = await ask(door, { method: 'POST', path, body });
      assert.equal(got.status, status, got.text);
      if (answer) assert.deepEqual(got.json(), answer);
      const command = commands[0] as { readonly connectionId: string };
      assert.equal(command.connectionId, connectionId);
    });

    if (name !== 'hold')
      test(`answers a repetition as it did the first time: ${name}`, async () => {
        const headers = {
          'repeatability-request-id': '3b5d1c1e-0000-4000-8000-00000000000a',
          'repeatability-first-sent': 'Thu, 12 Mar 2026 12:00:00 GMT',
        };
        const [first, again] = [
          await ask(door, { method: 'POST', path, body, headers }),
          await ask(door, { method: 'POST', path, body, headers }),
        ];
        assert.deepEqual([first.status, again.status], [status, status]);
        assert.equal(again.text, first.text);
        assert.equal(commands.length, 1);
      });
  }

  test('that is empty names the field that is missing', async () => {
    const fields = {
      add: 'ParticipantToAdd',
      remove: 'ParticipantToRemove',
      mute: 'TargetParticipants',
      cancelAdd: 'InvitationId',
      move: 'TargetParticipants',
      hold: 'TargetParticipant',
    } as const;
    for (const [name, field] of Object.entries(fields)) {
      const { path } = operations[name as keyof typeof fields];
      const got = await ask(door, { method: 'POST', path, body: {} });
      assert.equal(got.row, 'automation/400/8523');
      assert.match(got.error.message, new RegExp(`The field ${field} is invalid. It is required`));
    }
    assert.deepEqual(commands, []);
  });

  test('waits for an invitation as long as it says, up to 180 s, and 0 means the usual time', async () => {
    const { path, body } = operations.add;
    const times = [];
    for (const invitationTimeoutInSeconds of [0, 180, 181, -1, 1.5, '7'])
      times.push(
        (await ask(door, { method: 'POST', path, body: { ...(body as object), invitationTimeoutInSeconds } }))
          .status,
      );
    assert.deepEqual(times, [202, 202, 400, 400, 400, 400]);
    assert.deepEqual(
      commands.map((command) => (command as { timeoutMs?: number }).timeoutMs),
      [undefined, 180_000],
    );
  });

  test('unmute of previews is told why not: 403/8566', async () => {
    const path = action('/participants:unmute');
    const got = await ask(door, { method: 'POST', path, body: { targetParticipants: [carol] } });
    assert.equal(got.row, 'automation/403/8566');
  });

  test('connect is answered with the properties of the new connection', async () => {
    const path = `/calling/callConnections:connect?${version}`;
    const { callbackUri } = createBody;
    const body = { callLocator: { kind: 'serverCallLocator', serverCallId: 's' }, callbackUri };
    const got = await ask(door, { method: 'POST', path, body });
    assert.equal(got.status, 200, got.text);
    assert.equal(got.json<{ callConnectionId: string }>().callConnectionId, connectionId);
    for (const [locator, row] of [
      [{ kind: 'groupCallLocator', groupCallId: 'g' }, 'automation/405/8520'],
      [{ kind: 'roomCallLocator', roomId: 'r' }, 'automation/405/8520'],
      [{ kind: 'serverCallLocator' }, 'automation/400/8523'],
    ] as const) {
      const refused = await ask(door, { method: 'POST', path, body: { callLocator: locator, callbackUri } });
      assert.equal(refused.row, row);
    }
  });
});
