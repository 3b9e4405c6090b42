import { type Header, headerList } from './header.ts';
import { param, parseParams } from './params.ts';
import { quote, readNumber, toPeople, unquote } from './syntax.ts';

export interface Q850 {
  readonly code: number;
  readonly message: string;
}

/** The Q.850 cause among the `Reason` headers (RFC 3326). */
export function q850(headers: readonly Header[]): Q850 | undefined {
  for (const element of headerList(headers, 'reason')) {
    const semicolon = element.indexOf(';');
    if (semicolon < 0 || element.slice(0, semicolon).trim().toUpperCase() !== 'Q.850') continue;
    const params = parseParams(element, semicolon);
    const code = readNumber(params ? (param(params, 'cause') ?? '') : '', 3);
    if (code >= 0) return { code, message: toPeople(unquote(param(params ?? [], 'text') ?? '')) };
  }
  return undefined;
}

/** The `Reason` of a BYE or CANCEL of ours. */
export function reasonHeader({ code, message }: Q850): Header {
  const text = message === '' ? '' : `;text=${quote(message)}`;
  return { name: 'Reason', value: `Q.850;cause=${code}${text}` };
}

/** Why a request of ours ends something, as a SIP status (RFC 3326 2). */
export function sipReason(status: number, text: string): Header {
  return { name: 'Reason', value: `SIP;cause=${status};text=${quote(text)}` };
}
