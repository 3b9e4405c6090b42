/** Runs tshark, Wireshark without windows, on a capture: an independent reader of our files and of our SIP. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const limitMs = 30_000;

/** Why tshark cannot be used here; with CI=true a missing tshark is a failure. */
export function tsharkMissing(): string | false {
  const found = spawnSync('tshark', ['-v'], { stdio: 'ignore' });
  if (!found.error) return false;
  if (process.env.CI === 'true') throw new Error('tshark is missing (Debian package tshark)');
  const why = 'SKIPPED: tshark is missing (Debian package tshark); nobody else reads our captures';
  console.error(why);
  return why;
}

/**
 * The named fields of each packet that `filter` leaves, as tshark reads them; a field that stands several times in a
 * packet is joined by a bar.
 */
export async function dissect(
  capture: Uint8Array,
  { filter = 'sip', fields }: { readonly filter?: string; readonly fields: readonly string[] },
): Promise<readonly (readonly string[])[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tshark-'));
  const file = path.join(folder, 'call.pcap');
  writeFileSync(file, capture);
  try {
    const { stdout } = await promisify(execFile)(
      'tshark',
      [
        ...['-r', file, '-n', '-Y', filter],
        // Wrong checksums are then a complaint like any other.
        ...['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum'].flatMap((o) => [
          '-o',
          `${o}:TRUE`,
        ]),
        // Any free port may be the registered one of another protocol.
        ...['udp', 'tcp'].flatMap((transport) => ['-o', `${transport}.try_heuristic_first:TRUE`]),
        ...['-T', 'fields', '-E', 'separator=/t', '-E', 'aggregator=|'],
        ...fields.flatMap((field) => ['-e', field]),
      ],
      // Nobody's own settings.
      {
        timeout: limitMs,
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder },
      },
    );
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Every complaint of tshark's, and every packet in which it found no SIP; `except`: packets from this port are
 * somebody else's.
 */
export async function complaints(bytes: Uint8Array, except?: number): Promise<readonly string[]> {
  const filter =
    except === undefined ? 'frame' : `!(udp.srcport == ${except}) && !(tcp.srcport == ${except})`;
  const fields = ['sip.Request-Line', 'sip.Status-Line', '_ws.expert.message', '_ws.malformed', 'sip.CSeq'];
  const packets = await dissect(bytes, { filter, fields });
  assert.ok(packets.length > 0, 'tshark reads packets');
  return packets.flatMap(([request = '', status = '', expert = '', malformed = '', cseq = '']) => {
    const all = [expert, malformed, cseq === '' ? 'no SIP' : ''].filter((one) => one !== '');
    return all.length > 0 ? [`${request}${status}: ${all.join('; ')}`] : [];
  });
}
