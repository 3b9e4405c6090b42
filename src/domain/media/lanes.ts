/** Which media operations may follow which (`reference/call-automation.md` §8). */
import { laneOf, type Operation, type OperationSpec } from './operation.ts';

/** What a person calls it, in messages. */
export function nameOf(spec: OperationSpec): string {
  switch (spec.kind) {
    case 'play':
      return spec.to === 'all' ? 'Play to all' : 'Play to one participant';
    case 'recognize':
      return spec.lane === 'main' ? 'Recognize' : 'Recognize in a group call';
    case 'send-tones':
      return 'SendDtmfTones';
    case 'hold':
      return 'Hold';
  }
}

/** The operation of the sub lane that runs already, if another of that lane, or continuous recognition, may not start beside it. */
export function excludes(live: readonly Operation[], connectionId: string): Operation | undefined {
  return live.find(
    (operation) => operation.connectionId === connectionId && laneOf(operation.spec) === 'sub',
  );
}

/** Operations that may begin now: the first of every lane of every connection, where nothing of that lane runs. */
export function due(live: readonly Operation[]): readonly Operation[] {
  const taken = new Set<string>();
  return live.filter((operation) => {
    const { spec } = operation;
    // Each of those on hold hears music of its own.
    const whose = spec.kind === 'hold' ? spec.legId : '';
    const lane = `${operation.connectionId} ${laneOf(spec)} ${whose}`;
    const first = !taken.has(lane);
    taken.add(lane);
    return first && operation.at.phase === 'queued';
  });
}
