import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lookup, lookUp } from './lookup.ts';

/** The ids of the rows that answer. */
function rowsFor(query: string): readonly string[] {
  const lookup = lookUp(query);
  assert.equal(lookup.kind, 'rows', query);
  return (lookup as Extract<Lookup, { kind: 'rows' }>).rows.map((row) => row.id);
}

function othersFor(query: string): readonly string[] {
  const lookup = lookUp(query);
  return lookup.kind === 'rows' ? lookup.others.map((row) => row.id) : [];
}

function noteFor(query: string): string | undefined {
  const lookup = lookUp(query);
  return lookup.kind === 'unknown' ? undefined : lookup.note;
}

function unknown(query: string): Extract<Lookup, { kind: 'unknown' }> {
  const lookup = lookUp(query);
  assert.equal(lookup.kind, 'unknown', query);
  return lookup as Extract<Lookup, { kind: 'unknown' }>;
}

test('a pair or its subcode alone answers with its row', () => {
  for (const query of ['486/560486', '560486', ' 486 / 560486 ', 'call/486/560486', 'CALL/486/560486']) {
    assert.deepEqual(rowsFor(query), ['call/486/560486'], query);
    assert.equal(noteFor(query), undefined, query);
  }
});

test('a subcode with two rows answers with both', () => {
  assert.deepEqual(rowsFor('8522'), ['automation/404/8522', 'automation/405/8522']);
});

test('a misprint answers with the row it stands for, and says how it is served', () => {
  for (const query of ['60486', '486/60486', 'pstn:486/60486']) {
    assert.deepEqual(rowsFor(query), ['call/486/560486'], query);
    assert.equal(noteFor(query), 'Printed as 486/60486; served as 486/560486.', query);
  }
  for (const query of ['497/560487', 'pstn:497/560487']) {
    assert.deepEqual(rowsFor(query), ['call/487/560487'], query);
    assert.equal(noteFor(query), 'Printed as 497/560487; served as 487/560487.', query);
  }
});

test('a subcode as the generic list prints it answers with its line first', () => {
  assert.deepEqual(rowsFor('-/8522'), ['automation/404/8522']);
  assert.deepEqual(othersFor('-/8522'), ['automation/405/8522']);
  assert.deepEqual(rowsFor('-/7000'), ['call/0/7000']);
  assert.deepEqual(rowsFor('-/0'), ['automation/200/0']);
  assert.deepEqual(rowsFor('-/560486'), ['call/486/560486']);
});

test('a code alone answers with the rows that have no subcode, then with how many have one', () => {
  assert.deepEqual(rowsFor('480'), ['call/480']);
  assert.equal(othersFor('480').length, 6);
  assert.ok(othersFor('480').includes('call/480/10037'));
  assert.deepEqual(rowsFor('480/-'), ['call/480']);
  assert.deepEqual(othersFor('480/-'), []);
});

test('a code that never stands alone answers with all its rows', () => {
  assert.deepEqual(rowsFor('484'), ['call/484/560484']);
  assert.match(noteFor('484') ?? '', /no row for 484 alone/);
});

test('a number that is both a code and a subcode answers with both', () => {
  assert.deepEqual(rowsFor('5000'), ['sms/5000', 'call/0/5000']);
  assert.deepEqual(rowsFor('sms/5000'), ['sms/5000']);
});

test('a surface narrows the answer', () => {
  assert.deepEqual(rowsFor('chat 403'), ['chat/403']);
  assert.deepEqual(rowsFor('automation/8522'), ['automation/404/8522', 'automation/405/8522']);
  assert.deepEqual(rowsFor('client/40101'), ['client/408/40101']);
});

test('the printed id of each table answers', () => {
  assert.deepEqual(rowsFor('generic-subcode:-/8522'), ['automation/404/8522']);
  assert.deepEqual(rowsFor('calling-end:0/7000'), ['call/0/7000']);
  assert.deepEqual(rowsFor('sms:4006/-'), ['sms/4006']);
});

test('pieces of events, reports and messages answer as they are', () => {
  assert.deepEqual(rowsFor('The conversation has ended. DiagCode: 0#5300.@'), ['call/0/5300']);
  assert.deepEqual(rowsFor('4006: The handset is off.'), ['sms/4006']);
  assert.deepEqual(rowsFor('"8523"'), ['automation/400/8523']);
  assert.deepEqual(rowsFor('200/560000'), ['call/0/560000']);
  assert.deepEqual(rowsFor('200/5002'), ['call/0/5002']);
  assert.match(noteFor('200/5002') ?? '', /write the code 0 of a call as 200/);
  assert.deepEqual(rowsFor('410/0'), ['call/410']);
  assert.match(noteFor('410/0') ?? '', /written with 0/);
});

test('a known subcode with another code answers with its own row and says so', () => {
  assert.deepEqual(rowsFor('500/511404'), ['call/404/511404']);
  assert.match(noteFor('500/511404') ?? '', /not known with code 500/);
  assert.deepEqual(rowsFor('500/560503'), ['call/503/560503']);
});

test('an undocumented SIP response answers by its family', () => {
  for (const query of ['560488', '488/560488', 'call/488/560488', '-/560488']) {
    const lookup = lookUp(query);
    assert.equal(lookup.kind === 'family' && lookup.member?.id, 'call/488/560488', query);
  }
  const whole = lookUp('call/560xxx');
  assert.deepEqual(whole.kind === 'family' && [whole.prefix, whole.member], ['560', undefined]);
});

test('an unknown code says what kind it looks like and what is near', () => {
  const kinds: readonly (readonly [string, RegExp])[] = [
    ['560999', /outbound phone call/],
    ['540999', /inbound phone call/],
    ['510404', /numbering policy/],
    ['511405', /not found/],
    ['531005', /media on the phone leg/],
    ['500002', /gateway/],
    ['301006', /media servers/],
    ['40102', /Calling SDK/],
    ['7511', /identity or permission/],
    ['8590', /call or media/],
    ['9004', /fault behind/],
    ['4011', /SMS/],
    ['403/5831', /conversations/],
  ];
  for (const [query, kind] of kinds) assert.match(unknown(query).looksLike ?? '', kind, query);
  assert.equal(unknown('511405').near[0]?.id, 'call/404/511404');
  assert.equal(unknown('40102').near[0]?.id, 'client/408/40101');
  assert.equal(unknown('10038').near[0]?.id, 'call/480/10037');
});

test('what is no code at all is unknown, with nothing near', () => {
  for (const query of ['hello', '', '12345678', '480/10037/1', '-', '0f8fad5b-d9cb-469f-a165-70867728950e']) {
    assert.deepEqual(lookUp(query), { kind: 'unknown', query, near: [] });
  }
});
