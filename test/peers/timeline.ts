/** What `ringback call ID` shows, and a way to wait until a call has come that far. */
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';

type Server = Parameters<typeof signedRequest>[0];

export async function timeline(server: Server, id: string): Promise<readonly string[]> {
  const { entries } = (await signedRequest(server, 'GET', `calls/${id}/timeline`, undefined)) as {
    readonly entries: readonly { readonly text: string }[];
  };
  return entries.map(({ text }) => text);
}

/** Waits for as many lines of the timeline as `times` says. */
export function reached(server: Server, id: string, line: RegExp, times = 1): Promise<readonly string[]> {
  return until(`${line} in the timeline`, async () => {
    const lines = await timeline(server, id);
    const found = lines.filter((text) => line.test(text));
    return found.length >= times ? { is: found } : { notYet: `it has:\n${lines.join('\n')}` };
  });
}
