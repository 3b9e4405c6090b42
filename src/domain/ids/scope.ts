/** What a user access token allows (reference: auth, scope → allowed operations). */
export const scopes = ['chat', 'voip', 'chat.join', 'chat.join.limited', 'voip.join'] as const;
export type Scope = (typeof scopes)[number];
