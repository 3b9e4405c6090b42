import { communicationUser, parseRawId } from '../../domain/ids/identifier.ts';
import { type IdentifierModel, identifierModel } from './identifier.ts';

type WithoutKind<T> = T extends unknown ? Omit<T, 'kind'> : never;
export type ChatIdentifier = WithoutKind<IdentifierModel>;

/** Chat writes identifiers without `kind`, in answers and in events (`reference/auth.md` §6). */
export function chatIdentifier(rawId: string): ChatIdentifier {
  const { kind: _unwritten, ...model } = identifierModel(parseRawId(rawId) ?? communicationUser(rawId));
  return model;
}
