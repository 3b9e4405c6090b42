/** Binding to a carrier: its connections, each in its role, or why there are none. */
import { statusText } from '../../wire/smpp/command-status.ts';
import { type LinkUser, SmppLink } from '../smpp/link.ts';
import { dial, type TlsMaterial } from './dial.ts';
import type { SmppCarrierSettings } from './settings.ts';

/** Connections that live and end together; the first takes submits. */
export interface Bind {
  readonly links: readonly [SmppLink, ...SmppLink[]];
}

export interface Binding {
  readonly settings: SmppCarrierSettings;
  readonly material: TlsMaterial | undefined;
  readonly connectWithin: number;
  readonly signal: AbortSignal;
  /** What each connection is told to. */
  readonly user: (link: () => SmppLink) => LinkUser;
}

const roles = { transceiver: ['bind_transceiver'], pair: ['bind_transmitter', 'bind_receiver'] } as const;

/** SMPP 3.4 (5.2.4). */
const interfaceVersion = 0x34;

/** Rejects with why not, in words; no connection is left then. */
export async function bind(binding: Binding): Promise<Bind> {
  const { settings, signal } = binding;
  const links: SmppLink[] = [];
  const abort = (): void => {
    for (const link of links) link.close('we stop');
  };
  signal.addEventListener('abort', abort);
  try {
    for (const role of roles[settings.bind]) {
      const link = await connect(binding);
      links.push(link);
      await introduce(link, role, settings);
    }
    const [first, ...others] = links;
    if (!first || !links.every((link) => link.open)) throw new Error('it closed one of two connections');
    return { links: [first, ...others] };
  } catch (error) {
    for (const link of links) link.close('the bind failed');
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function connect({ settings, material, connectWithin, signal, user }: Binding): Promise<SmppLink> {
  const socket = await dial(settings, material, connectWithin, signal);
  const link: SmppLink = new SmppLink(
    socket,
    user(() => link),
    settings,
  );
  return link;
}

function introduce(link: SmppLink, role: string, settings: SmppCarrierSettings): Promise<void> {
  const { systemId, password, systemType, answerWithin } = settings;
  const fields = {
    system_id: systemId,
    password,
    system_type: systemType,
    interface_version: interfaceVersion,
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const give = (why: string): void => reject(new Error(why));
  link.ask(role, fields, (reply) => {
    if (reply.kind === 'late') give(`it did not answer ${role} within ${answerWithin} ms`);
    else if (reply.kind === 'closed') give(reply.why);
    else if (reply.pdu.command_status !== 0)
      give(`it refuses ${role}: ${statusText(reply.pdu.command_status)}`);
    else resolve();
  });
  return promise;
}
