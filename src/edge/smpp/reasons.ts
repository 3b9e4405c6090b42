/** Why a connection could not be made, or broke, in words. */
import { tlsReasonOf } from '../sip/network-tls.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'it reset the connection (ECONNRESET)',
  ETIMEDOUT: 'it does not answer (ETIMEDOUT)',
  EHOSTUNREACH: 'there is no way to it (EHOSTUNREACH)',
  ENETUNREACH: 'there is no way to it (ENETUNREACH)',
  ENOTFOUND: 'its name is not known (ENOTFOUND)',
  EAI_AGAIN: 'its name cannot be looked up now (EAI_AGAIN)',
  EPIPE: 'it closed the connection (EPIPE)',
};

export function whyOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return tlsReasonOf(error) ?? reasons[code] ?? error.message;
}
