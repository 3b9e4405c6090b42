import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTimeline } from '../app/explain/build-timeline.ts';
import { refusedCall } from '../app/explain/story.fixture.ts';
import type { Timeline, TimelineEntry } from '../app/explain/timeline.ts';
import { escapeText, renderMermaid } from './mermaid.ts';

/** The kinds of lines we write; text holds no character that Mermaid's grammar gives a meaning. */
const text = String.raw`(?:[^#;"<>&\x60\p{Cc}\u2028\u2029]|#(?:\d+|quot|lt|gt|amp);)+`;
const kinds = [
  /^sequenceDiagram$/,
  new RegExp(`^  participant p\\d+ as ${text}$`, 'u'),
  new RegExp(`^  Note over p\\d+: ${text}$`, 'u'),
  new RegExp(`^  p\\d+(?:->>|-->>|--x)p\\d+: ${text}$`, 'u'),
];

function assertGrammar(diagram: string): void {
  const lines = diagram.split('\n');
  assert.equal(lines[0], 'sequenceDiagram');
  const declared = new Set<string>();
  for (const line of lines) {
    assert.ok(
      kinds.some((kind) => kind.test(line)),
      `not a line of the grammar: ${JSON.stringify(line)}`,
    );
    assert.ok(!line.includes('%%'), line);
    const [, participant] = /^ {2}participant (p\d+)/.exec(line) ?? [];
    if (participant) declared.add(participant);
    for (const used of line.split(':')[0]?.match(/\bp\d+\b/g) ?? [])
      assert.ok(declared.has(used), `${used} undeclared`);
  }
}

const timeline = (entries: readonly Partial<TimelineEntry>[]): Timeline => ({
  callId: 'c',
  connectionIds: [],
  correlationId: 'k',
  startedAt: '2026-01-15T10:00:00.000Z',
  entries: entries.map((entry) => ({
    at: '2026-01-15T10:00:00.000Z',
    offsetMs: 0,
    kind: 'sip',
    from: 'ringback',
    to: 'carrier +1',
    text: 'x',
    ...entry,
  })),
});

test('a real timeline keeps to the grammar, with its parties in place', () => {
  const told = buildTimeline(refusedCall(486, 'Busy Here').sources());
  assert.ok(told);
  const diagram = renderMermaid(told);
  assertGrammar(diagram);
  assert.match(
    diagram,
    /participant p0 as application\n {2}participant p1 as webhook\n {2}participant p2 as ringback\n {2}participant p3 as carrier \+15005554860\n/,
  );
  assert.match(diagram, /p2->>p3: \+0\.000 INVITE/);
  assert.match(diagram, /p3-->>p2: \+0\.000 486 Busy Here/);
  assert.match(diagram, /Note over p2: \+0\.000 the call ended: 486\/560486/);
});

const nasty = [
  'a;b#c"d',
  'line\r\nbreak\u2028and\u0085more',
  '%%{init: {"theme": "dark"}}%% comment',
  '<script>alert(1)</script> & `code`',
  'style a:#59;',
  'classDef x:y;',
  'end',
  '->> p0: forged',
  '#59; #quot; #',
  '\u0000\u202eltr',
  '',
  '💥'.repeat(200),
  `${'x'.repeat(112)}"""""""""`,
  '\ud800 half',
];

for (const bad of nasty) {
  test(`text of a far end cannot leave its line: ${JSON.stringify(bad.slice(0, 30))}`, () => {
    const diagram = renderMermaid(
      timeline([
        { text: bad },
        { text: bad, kind: 'state', to: 'ringback' },
        { from: bad, to: `carrier ${bad}`, text: 'y' },
      ]),
    );
    assertGrammar(diagram);
    assert.ok(!/style[^\n]*:\S*#/.test(diagram.replaceAll('p0: ', '')), diagram);
  });
}

test('what failed or was never answered ends in a cross', () => {
  const diagram = renderMermaid(
    timeline([
      { detail: { unanswered: true } },
      { kind: 'delivery', to: 'webhook', detail: { failed: true } },
      { kind: 'delivery', to: 'webhook', detail: { failed: false } },
    ]),
  );
  assertGrammar(diagram);
  assert.deepEqual(diagram.match(/p\d(-+[>x]+)p\d/g), ['p1--xp2', 'p1--xp0', 'p1->>p0']);
});

test('escaping keeps readable text as it is', () => {
  assert.equal(
    escapeText('INVITE sip:+1500@127.0.0.1:5060 (CSeq 1 INVITE, UDP)'),
    'INVITE sip:+1500@127.0.0.1:5060 (CSeq 1 INVITE, UDP)',
  );
});
