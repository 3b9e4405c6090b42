import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

export interface Trust {
  /** CA certificates as PEM: the local CA. */
  readonly ca?: readonly string[];
  /** `outbound.caFile`. */
  readonly caFile?: string;
}

/** PEM of what is trusted beside the system's roots and those shipped with Node. */
export const givenRoots = ({ ca = [], caFile }: Trust): readonly string[] => [
  ...ca,
  ...(caFile === undefined ? [] : [readCaFile(caFile)]),
];

/**
 * The system's roots, those shipped with Node and ours, read now and turned into a context at the first use:
 * parsing hundreds of certificates is not for the start of a server that may never need them.
 */
export function trustedRoots(trust: Trust): () => SecureContext {
  const given = givenRoots(trust);
  let context: SecureContext | undefined;
  return () => {
    if (context) return context;
    const roots = new Set([...getCACertificates('default'), ...getCACertificates('system'), ...given]);
    context = createSecureContext({ ca: [...roots] });
    return context;
  };
}

function readCaFile(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    throw new Error(`outbound.caFile: ${file} cannot be read. Name a PEM file.`, { cause: error });
  }
  throw new Error(`outbound.caFile: ${file} holds no certificate in PEM form.`);
}
