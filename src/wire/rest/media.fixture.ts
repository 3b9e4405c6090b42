/** For tests of the media requests: the official client's models, and what reading a body came to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
// The package exports its models' types only; the mappers are what the client really writes.
import * as mappers from '../../../node_modules/@azure/communication-call-automation/dist/esm/generated/src/models/mappers.js';
import type { Taken } from './decoded.ts';
import type { Model } from './fields.ts';

export const policy = { allowHttpCallbacks: false };
export const phone = (value: string) => ({ kind: 'phoneNumber', phoneNumber: { value } });
export const target = phone('+15005552001');
/** As it is read. */
export const targetRead = { kind: 'phoneNumber', rawId: '4:+15005552001', number: '+15005552001' };

/** Each model here has the fields of the official one of that name, and no other. */
export function testModels(models: readonly (readonly [official: string, model: Model])[]): void {
  for (const [name, model] of models) {
    test(`${name} has exactly the fields that are named here`, () => {
      const { type } = (mappers as Record<string, unknown>)[name] as {
        type: { modelProperties: Record<string, { serializedName: string }> };
      };
      const names = Object.values(type.modelProperties).map(({ serializedName }) => serializedName);
      assert.deepEqual(Object.keys(model).sort(), names.sort());
    });
  }
}

export function faultOf(read: Taken<unknown>): string {
  assert.ok('fault' in read, `taken: ${JSON.stringify(read)}`);
  return `${read.fault.kind} ${read.fault.field}: ${read.fault.message}`;
}

export function okOf<T>(read: Taken<T>): T {
  assert.ok('ok' in read, JSON.stringify(read));
  return read.ok;
}
