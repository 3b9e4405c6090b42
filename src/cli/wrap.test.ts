import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrap } from './wrap.ts';

test('breaks between words at the width and indents what follows', () => {
  assert.equal(wrap('one two three four', { width: 9, indent: '  ' }), 'one two\n  three\n  four');
});

test('keeps a command on one line, and a word that is too long', () => {
  assert.equal(wrap('see `ringback call ID`, then `x`', { width: 12 }), 'see\n`ringback call ID`,\nthen `x`');
});
