import type { Reproduction, RunningServer } from '../../scenarios/run.ts';
import type { Explanation } from '../app/explain/timeline.ts';
import { isLive, type ListedRow } from '../codes/catalogue.ts';
import { lookUp } from '../codes/lookup.ts';
import * as api from './admin-api.ts';
import { type Command, dataOption, Failure, type Given, jsonOption } from './command.ts';
import { renderLadder } from './ladder.ts';
import { dataDirectory, findDoor, needServerFile, readCa, readConnectionString } from './server-file.ts';
import { asJson } from './table.ts';
import { verdictBlock } from './verdict.ts';
import { wrap } from './wrap.ts';

/** With what the server says of the call, where there was one. */
type Result = Reproduction & { readonly explanation?: Explanation };

function liveRow(query: string): ListedRow {
  const lookup = lookUp(query);
  const rows = lookup.kind === 'rows' ? lookup.rows : [];
  const live = rows.filter(isLive);
  const [row] = live;
  if (row && live.length === 1) return row;
  if (live.length > 1) {
    throw new Failure(`"${query}" stands for several rows; name one: ${live.map(({ id }) => id).join(', ')}`);
  }
  const [known] = rows;
  if (known)
    throw new Failure(`${known.id} cannot be brought about: ${known.standing}. ${known.why ?? ''}`.trimEnd());
  const near = lookup.kind === 'unknown' ? lookup.near.map(({ id }) => id) : [];
  const hint = near.length === 0 ? '"ringback codes" lists the rows.' : `Nearest: ${near.join(', ')}.`;
  throw new Failure(`"${query}" is no row with a scenario. ${hint}`);
}

const pair = ({ code, subCode }: { readonly code: number; readonly subCode?: number }): string =>
  subCode === undefined ? `${code}` : `${code}/${subCode}`;

export function renderReproduced({
  row,
  story,
  observed,
  expected,
  matches,
  tookMs,
  explanation,
}: Result): string {
  const told = `${observed.where}: ${pair(observed)}${observed.message === undefined ? '' : ` ${observed.message}`}`;
  return [
    `${row}: ${wrap(story, { width: 100, indent: '  ' })}`,
    `  told by  ${wrap(told, { width: 100, indent: '           ' })}`,
    matches
      ? `  came about, in ${tookMs} ms`
      : `  did not come about: ${pair(expected)} was expected (${tookMs} ms)`,
    ...(explanation ? ['', renderLadder(explanation.timeline), '', verdictBlock(explanation)] : []),
    ...(explanation ? [] : ['', `What it means: ringback explain ${row}`]),
  ].join('\n');
}

const origin = (url: string): string => new URL(url).origin;

/** RTP ports and clock are known of a server on this machine only. */
function runningServer(given: Given): RunningServer {
  const file = needServerFile(dataDirectory(given));
  const { endpoint, key } = readConnectionString(file.connectionString);
  if (file.httpEndpoint === undefined || file.rtp === undefined) {
    throw new Failure(
      'The running server does not say its plain port and RTP ports; leave --server out to use a throw-away one.',
    );
  }
  const { ca = '' } = readCa(file.caFile);
  return {
    address: { http: origin(file.httpEndpoint), https: endpoint.origin, ca },
    key,
    clock: file.clock === 'manual' ? 'manual' : 'real',
    rtpPorts: file.rtp,
  };
}

async function onServer(row: ListedRow, given: Given): Promise<Result> {
  const { reproduceOn } = await import('../../scenarios/run.ts');
  const result = await reproduceOn(row.id, runningServer(given));
  const { callId } = result.observed;
  const explanation = callId === undefined ? undefined : await api.explanation(findDoor(given), callId);
  return { ...result, ...(explanation ? { explanation } : {}) };
}

export const command: Command = {
  name: 'reproduce',
  operands: 'ROW-ID',
  count: { least: 1, most: 1 },
  about:
    'Brings a row about for real, by its cause: on a throw-away server with a manual clock over real sockets, or on the running one, which refuses rows that need faults or the clock.',
  options: { server: { says: 'use the running server' }, ...jsonOption, ...dataOption },
  run: async (given, out) => {
    const row = liveRow(given.operands[0] ?? '');
    const ownServer = async (): Promise<Result> => (await import('../../scenarios/run.ts')).reproduce(row.id);
    const result = given.isSet('server') ? await onServer(row, given) : await ownServer();
    out.line(given.isSet('json') ? asJson(result) : renderReproduced(result));
    return result.matches ? 0 : 1;
  },
};
