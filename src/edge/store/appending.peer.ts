/** Child process of the durability test: appends to ten calls for ever and reports each acknowledged sequence. */
import { openStore } from './open-store.ts';
import { facts } from './samples.contract.ts';

const store = openStore({ file: String(process.argv[2]) });

async function appendForEver(callId: string): Promise<void> {
  for (let seq = 1; ; seq += 2) {
    await store.append(facts(callId, seq));
    process.send?.({ callId, seq: seq + 1 });
  }
}

await Promise.all(Array.from({ length: 10 }, (_, i) => appendForEver(`call-${i}`)));
