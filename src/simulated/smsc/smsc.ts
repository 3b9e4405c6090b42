/**
 * A carrier's SMSC for those who have none: a peer inside the process, reached over real SMPP on loopback. What it does
 * with a message stands in `numbers.ts`; what its handsets write are texts to owned numbers, by `text`.
 *
 * ```ts
 * const smsc = createSimulatedSmsc({ clock, quiet, systemId: 'ringback', password, trouble });
 * const { host, port } = await smsc.start(); // for the settings of a carrier
 * await smsc.text({ from: '+15005620000', to: '+18005550100', text: 'STOP' }); // kept once it was acknowledged
 * ```
 */
import { once } from 'node:events';
import net from 'node:net';
import { type Answer, type Reply, SmppLink } from '../../edge/smpp/link.ts';
import type { Pdu, PduFields } from '../../edge/smpp/pdu.ts';
import { commandStatus, statusText } from '../../wire/smpp/command-status.ts';
import type { Tlvs } from '../../wire/smpp/tlvs.ts';
import type { CarrierClock, CarrierQuiet } from '../carrier/world.ts';
import { type AcceptedText, type HandsetText, receiptFields, textFields } from './deliver-fields.ts';
import { Handsets, type ShownText, type SubmittedText, submittedText } from './handsets.ts';
import { afterwards, type PlannedReceipt, type SmscBehaviour, smscBehaviourOf } from './numbers.ts';
import { Outgoing } from './outgoing.ts';

export type { HandsetText } from './deliver-fields.ts';
export type { ShownText } from './handsets.ts';
export { type SmscBlock, simulatedErrors, smscBlocks } from './numbers.ts';

export interface SimulatedSmscOptions {
  readonly clock: CarrierClock;
  readonly quiet: CarrierQuiet;
  /** Who may bind. */
  readonly systemId: string;
  readonly password: string;
  /** `127.0.0.1` when absent. */
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
  /** A bug in the SMSC. */
  readonly trouble: (error: unknown) => void;
}

export interface SimulatedSmsc {
  /** Resolves with the address to bind to. */
  start(): Promise<{ readonly host: string; readonly port: number }>;
  stop(): Promise<void>;
  /**
   * A handset writes to the server, in segments where it is long. Resolves once the server has acknowledged them all;
   * rejects with the reason otherwise.
   */
  text(text: HandsetText): Promise<void>;
  /** What the handsets show: the last thousand messages that were delivered. */
  shown(): readonly ShownText[];
}

interface Session {
  readonly link: SmppLink;
  role?: string;
}

/** Wall milliseconds: for an answer of the server's, and for a stranger to bind. */
const answerWithin = 10_000;
const bindWithinMs = 5000;
const mostConnections = 50;
/** Of a receipt that the server did not take, on the clock. */
const redeliverAfterMs = 1000;
const mostRedeliveries = 20;

export function createSimulatedSmsc(options: SimulatedSmscOptions): SimulatedSmsc {
  const { clock, quiet, systemId, password, host = '127.0.0.1', trouble } = options;
  const sessions = new Set<Session>();
  const handsets = new Handsets();
  /** How often a number that misbehaves so many times has done so. */
  const misbehaved = new Map<string, number>();
  const born = clock.now().toString(36);
  let messages = 0;
  let reference = 0;
  let stopped = false;

  const receivers = (): readonly Session[] =>
    [...sessions].filter(({ role, link }) => role !== undefined && role !== 'bind_transmitter' && link.open);
  const outgoing = new Outgoing(() => receivers()[0]?.link, quiet);

  const later = (ms: number, what: string, act: () => void): void => {
    if (ms === 0) act();
    else clock.at(clock.now() + ms, `simulated SMSC ${what}`, act);
  };

  /** A receipt is tried again until it is acknowledged, as a carrier does. */
  const sendReceipt = (fields: PduFields, tries = 0): void =>
    outgoing.deliver(fields, (reply) => {
      if (stopped || !isWillingLater(reply) || tries >= mostRedeliveries) return;
      later(redeliverAfterMs, 'receipt again', () => sendReceipt(fields, tries + 1));
    });

  const sendReceipts = (message: AcceptedText, receipts: readonly PlannedReceipt[]): void => {
    for (const receipt of receipts) {
      if (!message.wants(receipt)) continue;
      later(receipt.afterMs ?? 0, 'receipt', () => sendReceipt(receiptFields(message, receipt, clock.now())));
    }
  };

  /** What the number does this time. */
  const behaviourNow = (to: string): SmscBehaviour => {
    const behaviour = smscBehaviourOf(to);
    const times =
      behaviour.does === 'drops-the-bind' ? 1 : behaviour.does === 'refuses' ? behaviour.times : undefined;
    if (times === undefined) return behaviour;
    const before = misbehaved.get(to) ?? 0;
    if (before < times) {
      misbehaved.set(to, before + 1);
      return behaviour;
    }
    misbehaved.delete(to);
    return afterwards;
  };

  const accept = (
    text: SubmittedText,
    registered: number,
    behaviour: Extract<SmscBehaviour, { does: 'accepts' }>,
  ): Answer | Promise<Answer> => {
    messages += 1;
    const message: AcceptedText = {
      ...text,
      messageId: `${born}-${messages}`,
      submittedAt: clock.now(),
      wants: ({ state }) => registered === 1 || (registered === 2 && state !== 'DELIVRD'),
    };
    const { receipts, receiptsFirst, answersAfterMs } = behaviour;
    if (receipts.some(({ state }) => state === 'DELIVRD')) handsets.receive(text);
    if (receiptsFirst) sendReceipts(message, receipts);
    const release = quiet.hold('an answer of the simulated SMSC');
    const answer: Answer = {
      fields: { message_id: message.messageId },
      sent: () => {
        if (!receiptsFirst) sendReceipts(message, receipts);
        release();
      },
    };
    if (answersAfterMs === undefined) return answer;
    release();
    return new Promise((resolve) => later(answersAfterMs, 'answer', () => resolve(answer)));
  };

  const submitted = (session: Session, pdu: Pdu, tlvs: Tlvs): Answer | Promise<Answer> | 'none' => {
    if (session.role === undefined || session.role === 'bind_receiver')
      return { status: commandStatus.ESME_RINVBNDSTS };
    const text = submittedText(pdu, tlvs);
    if (!text) return { status: commandStatus.ESME_RINVDCS };
    const behaviour = behaviourNow(text.to);
    switch (behaviour.does) {
      case 'accepts':
        return accept(text, (pdu.registered_delivery ?? 0) & 3, behaviour);
      case 'refuses':
        return { status: behaviour.status };
      case 'drops-the-bind':
        session.link.close('the simulated SMSC closes it');
        return 'none';
      case 'plays-dead':
        return 'none';
    }
  };

  const bound = (session: Session, pdu: Pdu): Answer => {
    if (session.role !== undefined) return { status: commandStatus.ESME_RALYBND };
    if (pdu.system_id !== systemId) return { status: commandStatus.ESME_RINVSYSID };
    if (pdu.password !== password) return { status: commandStatus.ESME_RINVPASWD };
    session.role = pdu.command;
    return { fields: { system_id: 'simulated' }, sent: () => outgoing.pump() };
  };

  const server = net.createServer((socket) => {
    const link = new SmppLink(
      socket,
      {
        request: (pdu, tlvs) => {
          if (pdu.command.startsWith('bind_')) return bound(session, pdu);
          if (pdu.command === 'submit_sm') return submitted(session, pdu, tlvs);
          return { status: commandStatus.ESME_RINVCMDID };
        },
        closed: () => {
          clearTimeout(stranger);
          sessions.delete(session);
        },
        // Its clients are of this process; what they do wrong their own tests say.
        misdeed: () => {},
        trouble,
      },
      { answerWithin, enquireLink: 0 },
    );
    const session: Session = { link };
    const stranger = setTimeout(() => {
      if (session.role === undefined) link.close('it did not bind');
    }, bindWithinMs);
    stranger.unref();
    sessions.add(session);
  });
  server.maxConnections = mostConnections;

  const send = (fields: PduFields): Promise<void> =>
    new Promise((resolve, reject) =>
      outgoing.deliver(fields, (reply) => {
        const fault = faultOf(reply);
        if (fault === undefined) resolve();
        else reject(new Error(fault));
      }),
    );

  return {
    async start() {
      server.listen(options.port ?? 0, host);
      await once(server, 'listening');
      const { address, port } = server.address() as net.AddressInfo;
      return { host: address, port };
    },
    async stop() {
      stopped = true;
      outgoing.clear('the simulated SMSC stops');
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const { link } of sessions) link.close('the simulated SMSC stops');
      await closed;
    },
    async text(text) {
      if (receivers().length === 0) throw new Error('nobody is bound to the simulated SMSC to take the text');
      reference = (reference + 1) % 256;
      for (const fields of textFields(text, reference)) await send(fields);
    },
    shown: () => handsets.shown,
  };
}

const isWillingLater = (reply: Reply): boolean =>
  reply.kind !== 'answer' || reply.pdu.command_status === commandStatus.ESME_RX_T_APPN;

function faultOf(reply: Reply): string | undefined {
  if (reply.kind === 'late') return `the server did not acknowledge the text within ${answerWithin} ms`;
  if (reply.kind === 'closed') return `the server did not acknowledge the text: ${reply.why}`;
  const { command_status: status } = reply.pdu;
  return status === commandStatus.ESME_ROK ? undefined : `the server refused the text: ${statusText(status)}`;
}
