/** What the HTTP edge is built from; all of it is passed in by the composition root. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Chats } from '../../app/desks/chat-commands.ts';
import type { Calls } from '../../app/desks/commands.ts';
import type { IdentityCommands } from '../../app/desks/identity-desk.ts';
import type { MediaOperations } from '../../app/desks/media-commands.ts';
import type { NumbersCommands } from '../../app/desks/numbers-commands.ts';
import type { ParticipantOperations } from '../../app/desks/participant-commands.ts';
import type { RecordingCommands } from '../../app/desks/recording-service.ts';
import type { Outcome } from '../../app/desks/refusals.ts';
import type { SipRoutingCommands } from '../../app/desks/sip-routing-desk.ts';
import type { Administration } from '../../app/ports/administration.ts';
import type { Clock, Quiet } from '../../app/ports/clock.ts';
import type { EntraTokens } from '../../app/ports/entra.ts';
import type { Identities } from '../../app/ports/identities.ts';
import type { RateWindows } from '../../app/ports/limits.ts';
import type { RealtimeSessions } from '../../app/ports/realtime.ts';
import type { RecordingFiles } from '../../app/ports/recordings.ts';
import type { Records } from '../../app/ports/records.ts';
import type { Store } from '../../app/ports/store.ts';
import type { TracePort } from '../../app/ports/trace.ts';

export interface Resource {
  /** The immutable GUID: part of user ids, audience of callback tokens. */
  readonly id: string;
  readonly name: string;
  /** Access keys as they stand in connection strings (base64), primary first. */
  readonly keys: readonly string[];
  readonly admin: boolean;
  /** False: known, and switched off. */
  readonly enabled?: boolean;
}

/** Bounds of the door. Times are wall time. */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** From the end of the headers to the end of the body. */
  readonly bodyTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly connections: number;
  readonly concurrentRequests: number;
  /** Per resource; undefined: no limit. */
  readonly requestsPerSecond?: number;
  /** The documented rates of the identity API hold. */
  readonly identityRates: boolean;
}

export const defaultHttpLimits: HttpLimits = {
  bodyBytes: 1_048_576,
  bodyTimeoutMs: 20_000,
  headersTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  connections: 10_000,
  concurrentRequests: 2_000,
  identityRates: true,
};

export interface PublishedKeys {
  jwks(): unknown;
  openIdConfiguration(): unknown;
}

export interface Health {
  readonly live: boolean;
  readonly ready: boolean;
  /** What is not there yet, in words. */
  readonly not: readonly string[];
}

export interface RequestLine {
  readonly method: string;
  /** Without the query, which may carry a validation token. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly requestId: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly refused?: Outcome;
}

/** One line per request; `bug` once per defect, with its stack. */
export interface HttpLog {
  request(line: RequestLine): void;
  note(message: string, details: Readonly<Record<string, string>>): void;
  bug(error: unknown, requestId: string): void;
}

export interface HttpDependencies {
  readonly calls: Calls;
  readonly media: MediaOperations;
  readonly participants: ParticipantOperations;
  readonly recordings: RecordingCommands;
  readonly recordingFiles: RecordingFiles;
  /** Absent: chat is not served. */
  readonly chats?: Chats;
  /** Absent: real-time notifications are not served. */
  readonly realtime?: RealtimeSessions;
  /** Takes the websockets of the HTTPS servers. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Absent: phone numbers are not served. */
  readonly numbers?: NumbersCommands;
  /** Absent: SIP routing is not served. */
  readonly sipRouting?: SipRoutingCommands;
  readonly admin: Administration;
  readonly store: Pick<Store, 'repeat' | 'remember'>;
  readonly rate: Pick<RateWindows, 'use'>;
  readonly limits: HttpLimits;
  readonly resources: readonly Resource[];
  /** Keys that are not accepted and worth naming when somebody signs with them (the development key in production). */
  readonly refusedKeys?: readonly { readonly name: string; readonly key: string }[];
  /** Host names clients may know this server by, beside localhost: named when one was signed and another used. */
  readonly hostNames?: readonly string[];
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly records: Records;
  readonly trace: TracePort;
  readonly log: HttpLog;
  readonly identities: Pick<Identities, 'judge'> & IdentityCommands;
  readonly entra: EntraTokens;
  readonly keys: PublishedKeys;
  readonly health: () => Health;
  readonly metrics: () => string;
  readonly allowHttpCallbacks: boolean;
  /** `lenient`: an unknown api-version is served as the newest. */
  readonly apiVersions: 'strict' | 'lenient';
  readonly draining: () => boolean;
  /** Wall time; `x-ms-date` is judged by it. */
  readonly wallClock?: () => number;
}
