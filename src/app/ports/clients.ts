/** Endpoints of ACS users: those that are registered now are called; a user without one is offered to applications. */
export interface ClientEndpoints {
  /** The trunk that leads to the user; undefined where no endpoint is registered. */
  trunkTo(rawId: string): string | undefined;
}

/** The trunk towards users' endpoints. No configuration can name one so. */
export const clientsTrunk = '(clients)';
