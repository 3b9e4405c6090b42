import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressGuard } from './address-guard.ts';

const development = addressGuard({ profile: 'development', allowHttpCallbacks: true });
const production = addressGuard({
  profile: 'production',
  allow: ['10.20.0.0/16', 'fd00:1::/32', '192.0.2.7'],
});

test('public addresses are opened in both profiles', () => {
  for (const address of [
    '8.8.8.8',
    '172.32.0.1',
    '100.63.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '192.0.2.7',
  ]) {
    assert.equal(development(address, 'https'), undefined, address);
    assert.equal(production(address, 'https'), undefined, address);
  }
});

test('private addresses and loopback are for development, and for production where listed', () => {
  for (const address of [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    'fd12:3456::1',
    '::ffff:10.0.0.1',
    '::10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
  ]) {
    assert.equal(development(address, 'https'), undefined, address);
    assert.match(production(address, 'https') ?? '', /outbound\.allow/, address);
  }
  for (const address of ['10.20.30.40', '::ffff:10.20.0.1', 'fd00:1::9']) {
    assert.equal(production(address, 'https'), undefined, address);
  }
});

test('link-local, metadata and meaningless addresses are opened by nobody', () => {
  for (const address of [
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '168.63.129.16',
    '100.100.100.200',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
  ]) {
    for (const guard of [development, production])
      assert.notEqual(guard(address, 'https'), undefined, address);
  }
});

test('plain http is for loopback, when it is switched on', () => {
  assert.equal(development('127.0.0.1', 'http'), undefined);
  assert.match(development('10.0.0.1', 'http') ?? '', /loopback only/);
  assert.match(addressGuard({ profile: 'development' })('127.0.0.1', 'http') ?? '', /--allow-http-callbacks/);
});

test('a list entry that is no network is refused by name', () => {
  for (const entry of ['office', '10.0.0.0/33', '10.0.0.0/x', '']) {
    assert.throws(
      () => addressGuard({ profile: 'production', allow: [entry] }),
      /outbound\.allow: ".*" is no network/,
    );
  }
});
