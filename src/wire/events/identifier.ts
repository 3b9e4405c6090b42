import type { Identifier } from '../../domain/ids/identifier.ts';

/** A `CommunicationIdentifierModel` as events and answers carry it (`reference/auth.md` §6). */
export type IdentifierModel =
  | {
      readonly kind: 'communicationUser';
      readonly rawId: string;
      readonly communicationUser: { readonly id: string };
    }
  | { readonly kind: 'phoneNumber'; readonly rawId: string; readonly phoneNumber: PhoneNumberModel }
  | {
      readonly kind: 'microsoftTeamsUser';
      readonly rawId: string;
      readonly microsoftTeamsUser: {
        readonly userId: string;
        readonly isAnonymous: boolean;
        readonly cloud: Cloud;
      };
    }
  | {
      readonly kind: 'microsoftTeamsApp';
      readonly rawId: string;
      readonly microsoftTeamsApp: { readonly appId: string; readonly cloud: Cloud };
    }
  | { readonly kind: 'unknown'; readonly rawId: string };

type Cloud = 'public' | 'dod' | 'gcch';

interface PhoneNumberModel {
  readonly value: string;
  readonly isAnonymous?: true;
}

function cloudOf(rawId: string): Cloud {
  const cloud = rawId.split(':')[1];
  return cloud === 'dod' || cloud === 'gcch' ? cloud : 'public';
}

export function identifierModel(identifier: Identifier): IdentifierModel {
  const { rawId } = identifier;
  switch (identifier.kind) {
    case 'communicationUser':
      return { kind: 'communicationUser', rawId, communicationUser: { id: rawId } };
    case 'phoneNumber': {
      const { number: value } = identifier;
      const anonymous = value === 'anonymous' ? ({ isAnonymous: true } as const) : {};
      return { kind: 'phoneNumber', rawId, phoneNumber: { value, ...anonymous } };
    }
    case 'microsoftTeamsUser': {
      const isAnonymous = rawId.startsWith('8:teamsvisitor:');
      const microsoftTeamsUser = { userId: identifier.userId, isAnonymous, cloud: cloudOf(rawId) };
      return { kind: 'microsoftTeamsUser', rawId, microsoftTeamsUser };
    }
    case 'microsoftTeamsApp':
      return {
        kind: 'microsoftTeamsApp',
        rawId,
        microsoftTeamsApp: { appId: identifier.appId, cloud: cloudOf(rawId) },
      };
    case 'unknown':
      return { kind: 'unknown', rawId };
  }
}
