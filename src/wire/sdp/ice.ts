/** What a description says of ICE (RFC 8839). */
import { isIpLiteral } from './ip-literal.ts';

export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

export interface Candidate {
  readonly foundation: string;
  /** 1: RTP, 2: RTCP. */
  readonly component: number;
  readonly priority: number;
  /** IP address literal. */
  readonly address: string;
  readonly port: number;
  /** `host`, `srflx`… */
  readonly type: string;
}

const maxCandidates = 64;

/** The candidates that we can use: over UDP, at an address that is no name. Others are legal and not for us. */
export function candidatesIn(lines: readonly string[]): readonly Candidate[] {
  return lines.flatMap(parseCandidate).slice(0, maxCandidates);
}

// RFC 8839 5.1; what follows the type (raddr, rport, extensions) is of no use to us.
const candidateLine =
  /^a=candidate:([A-Za-z0-9+/]{1,32})[ \t]+(\d{1,3})[ \t]+udp[ \t]+(\d{1,10})[ \t]+(\S+)[ \t]+(\d{1,5})[ \t]+typ[ \t]+(\w{1,16})(?=$|[ \t])/i;

function parseCandidate(line: string): readonly Candidate[] {
  const [, foundation, component, priority, address, port, type] = candidateLine.exec(line) ?? [];
  if (foundation === undefined || address === undefined || type === undefined) return [];
  const numbers = { component: Number(component), priority: Number(priority), port: Number(port) };
  if (!isIpLiteral(address) || numbers.port < 1 || numbers.port > 65_535) return [];
  if (
    numbers.component < 1 ||
    numbers.component > 256 ||
    numbers.priority < 1 ||
    numbers.priority > 2 ** 31 - 1
  )
    return [];
  return [{ foundation, ...numbers, address, type }];
}

// RFC 8839 5.4.
const credentialLine = /^a=ice-(ufrag|pwd):([A-Za-z0-9+/]{4,256})[ \t]*$/;

/** Half of a pair is none. */
export function credentialsIn(
  lines: readonly string[],
  inherited?: Partial<IceCredentials>,
): Partial<IceCredentials> {
  const found: { ufrag?: string; password?: string } = { ...inherited };
  for (const line of lines) {
    const [, kind, value = ''] = credentialLine.exec(line) ?? [];
    if (kind === 'ufrag') found.ufrag = value;
    if (kind === 'pwd' && value.length >= 22) found.password = value;
  }
  return found;
}

/** The far end's side of ICE for one stream. */
export interface RemoteIce extends IceCredentials {
  /** It only answers checks (RFC 8445 2.5). */
  readonly lite: boolean;
  /** Those of the RTP component. */
  readonly candidates: readonly Pick<Candidate, 'address' | 'port' | 'priority'>[];
}

/** Our side of it. */
export interface LocalIce extends IceCredentials {
  /** Said of us: no, where the far end is lite itself and the checks are ours to send. */
  readonly lite: boolean;
}

/** RFC 8445 5.1.2.1, for the one candidate that we have: type preference 126, local preference 65535, component 1. */
const ownPriority = 2 ** 24 * 126 + 2 ** 8 * 65_535 + 255;

/** For the media description. `a=ice-lite` is of the session (RFC 8839 5.3). */
export function iceLines({ ufrag, password }: LocalIce, address: string, port: number): readonly string[] {
  return [
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=candidate:1 1 UDP ${ownPriority} ${address} ${port} typ host`,
  ];
}
