import assert from 'node:assert/strict';
import { test } from 'node:test';
import facts from '../../test/fixtures/rows.json' with { type: 'json' };
import { isCommand } from '../cli/commands.ts';
import { automationStatus } from './automation-status.ts';
import { automationSubcodes } from './automation-subcodes.ts';
import { call } from './call.ts';
import { isLive, type ListedRow, listedRows, reproduceCommand, rowById, rows } from './catalogue.ts';
import { chat } from './chat.ts';
import { client } from './client.ts';
import { lookUp } from './lookup.ts';
import type { Row } from './row.ts';
import { sms } from './sms.ts';

interface Fact {
  readonly id: string;
  readonly table: string;
  readonly code: number | null;
  readonly subCode: number | null;
  readonly category: string | null;
}

const printed: readonly Fact[] = facts;

test('the documentation prints 301 lines, and each is in exactly one row', () => {
  assert.equal(printed.length, 301);
  const lines = listedRows.flatMap((row) => row.printed);
  assert.deepEqual([...lines].sort(), printed.map((fact) => fact.id).sort());
});

test('no two files hold the same id', () => {
  const files: readonly object[] = [client, call, automationStatus, automationSubcodes, chat, sms];
  assert.equal(
    files.reduce((sum, file) => sum + Object.keys(file).length, 0),
    Object.keys(rows).length,
  );
});

test('code, subcode and category are as printed, but for the misprints that a reading tells of', () => {
  const differences = listedRows.flatMap((row) =>
    row.printed.flatMap((line) => {
      const fact = printed.find(({ id }) => id === line)!;
      // The list of generic subcodes prints no code: any code may stand beside them.
      const code = fact.code === null || fact.code === row.code;
      const subCode = fact.subCode === (row.subCode ?? null);
      // One table may leave out the category that another prints.
      const category = fact.category === null || fact.category === row.category;
      return code && subCode && category ? [] : [{ row: row.id, line, explained: row.reading !== undefined }];
    }),
  );
  assert.deepEqual(differences, [
    { row: 'call/487/560487', line: 'pstn:497/560487', explained: true },
    { row: 'call/486/560486', line: 'pstn:486/60486', explained: true },
  ]);
});

test('a row has a category exactly when a line of it prints one, or its source does', () => {
  const invented = listedRows.filter(
    (row) =>
      row.category !== undefined &&
      row.printed.length > 0 &&
      !printed.some((fact) => row.printed.includes(fact.id) && fact.category === row.category),
  );
  assert.deepEqual(ids(invented), []);
});

test('an id is made of the surface, code and subcode of its row', () => {
  for (const row of listedRows) {
    const parts = [row.surface, row.code, ...(row.subCode === undefined ? [] : [row.subCode])];
    assert.equal(row.id, parts.join('/'));
  }
});

test('printed lines belong to the surface of their row', () => {
  const surfaceOf = (fact: Fact): readonly Row['surface'][] => {
    if (fact.table === 'calling-client') return fact.subCode === null ? ['call'] : ['client'];
    if (fact.table === 'calling-end' || fact.table === 'pstn') return ['call'];
    if (fact.table === 'chat' || fact.table === 'sms') return [fact.table];
    return fact.id === 'generic-subcode:-/7000' ? ['call'] : ['automation'];
  };
  for (const fact of printed) {
    assert.deepEqual([rowById(fact.id)?.surface], surfaceOf(fact), fact.id);
  }
});

test('every row has a name, a meaning and advice', () => {
  for (const row of listedRows) {
    assert.match(row.name, /^[A-Z].{2,47}(?<!\.)$/, row.id);
    for (const text of [row.meaning, row.advice, row.reading ?? 'Absent.']) {
      assert.match(text, /^\S.*[A-Za-z0-9)`"]\.$/s, row.id);
      assert.equal(text, text.trim().replaceAll(/ {2,}/g, ' '), row.id);
    }
  }
});

test('a meaning takes one to three sentences', () => {
  const long = listedRows.filter((row) => row.meaning.split(/[.!?](?:\s|$)/).filter(Boolean).length > 3);
  assert.deepEqual(ids(long), []);
});

test('a row tells why exactly when the server does not send it', () => {
  for (const row of listedRows) assert.equal(row.why === undefined, row.standing === 'ruled', row.id);
});

test('a row without a printed line names its source, and only such a row', () => {
  for (const row of listedRows) assert.equal(row.source !== undefined, row.printed.length === 0, row.id);
});

test('only the local network trouble codes share a meaning', () => {
  const byMeaning = Map.groupBy(listedRows, (row) => row.meaning);
  const shared = [...byMeaning.values()].filter((sharing) => sharing.length > 1).map(ids);
  assert.deepEqual(shared, [['call/490', 'call/491', 'call/496', 'call/497', 'call/498']]);
});

test('every pair that a text mentions is a row', () => {
  for (const row of listedRows) {
    for (const [pair] of textOf(row).matchAll(/\b\d{1,3}\/\d{1,6}\b/g)) {
      assert.equal(lookUp(pair).kind, 'rows', `${row.id} mentions ${pair}`);
    }
  }
});

test('every command that a text mentions exists', () => {
  for (const row of listedRows) {
    for (const [, command] of textOf(row).matchAll(/`ringback ([a-z-]+)/g)) {
      assert.ok(isCommand(command!), `${row.id} mentions ringback ${command}`);
    }
  }
});

test('a row is found by its id and by each of its printed lines', () => {
  assert.equal(rowById('call/486/560486').subCode, 560486);
  assert.equal(rowById('pstn:486/60486')?.id, 'call/486/560486');
  assert.equal(rowById('pstn:497/560487')?.id, 'call/487/560487');
  assert.equal(rowById('calling-client:480/-')?.id, 'call/480');
  assert.equal(rowById('generic-subcode:-/8522')?.id, 'automation/404/8522');
  assert.equal(rowById('generic-subcode:-/7000')?.id, 'call/0/7000');
  assert.equal(rowById('generic-subcode:-/0')?.id, 'automation/200/0');
  assert.equal(rowById('generic-status:404/-')?.id, 'automation/404');
  assert.equal(rowById('pstn:486/1'), undefined);
});

test('only live rows can be reproduced', () => {
  assert.equal(reproduceCommand(rowById('call/486/560486')), 'ringback reproduce call/486/560486');
  assert.equal(
    reproduceCommand(rowById('chat/403')),
    isLive(chat['chat/403']) ? 'ringback reproduce chat/403' : null,
  );
});

function ids(some: readonly ListedRow[]): readonly string[] {
  return some.map((row) => row.id);
}

function textOf(row: Row): string {
  return [row.name, row.meaning, row.advice, row.reading, row.why].join(' ');
}
