import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaEvent } from './leg-events.ts';
import { created, type ToldCall, target } from './told-call.fixture.ts';

type Told = Extract<MediaEvent, { kind: 'told' }>;

describe('a phone that is not heard within the set-up limit', () => {
  const unheard = (told: Partial<Told>): ToldCall => {
    const call = created(target('leg')).answered('leg').later(20_000);
    assert.ok(call.did('ask-media'));
    return call.tell({ input: 'media', event: { kind: 'told', legId: 'leg', hearing: false, ...told } });
  };
  const end = (call: ToldCall): unknown => {
    const ended = call.facts.find((fact) => fact.fact === 'leg-ended');
    assert.ok(ended?.fact === 'leg-ended');
    const { row, situation, detail } = ended.outcome;
    return [row, situation, detail];
  };

  it('sent nothing: no media, without a detail', () => {
    assert.deepEqual(end(unheard({})), ['call/410/531004', 'no-media@setup', undefined]);
  });

  it('sent what was no audio: no media, and what came', () => {
    const why = '3 packets came, and none passed the authentication of SRTP';
    assert.deepEqual(end(unheard({ why })), ['call/410/531004', 'no-media@setup', why]);
  });

  it('asked for ICE and found no path: the same row for another cause, and how the checks went', () => {
    const why = 'ICE: no connectivity check ever came';
    const told = unheard({ why, iceFailed: true });
    assert.deepEqual(end(told), ['call/410/531004', 'ice-failed@setup', why]);
    assert.equal(told.row('app'), 'call/410/531004');
  });
});
