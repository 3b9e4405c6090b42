/** An application that has calls with phones and users, on a server of its own with a manual clock. */
import type { CallParticipant } from '@azure/communication-call-automation';
import { developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication } from './application.ts';

export const alice = '+15005552000';
export const bob = '+15005552021';

/** Raw id of a user of the resource. */
export const user = (name: string): string => `8:acs:${developmentResource.id}_${name}`;
export const acsUser = (rawId: string) => ({ communicationUserId: rawId });

/** Raw id, or the number, of somebody whom the SDK names. */
export const nameOf = ({ identifier }: { readonly identifier?: object | undefined }): string => {
  const { rawId, phoneNumber, communicationUserId } = (identifier ?? {}) as Record<string, string>;
  return rawId ?? phoneNumber ?? communicationUserId ?? '';
};
export const namesOf = (list: readonly CallParticipant[] = []): readonly string[] =>
  list.map(nameOf).map((name) => name.replace('4:', ''));

export class Party implements AsyncDisposable {
  readonly server: Ringback;
  readonly app: Application;

  private constructor(server: Ringback, app: Application) {
    this.server = server;
    this.app = app;
  }

  static async open(): Promise<Party> {
    const server = await startRingback({ internals: { mediaInProcess: true } });
    return new Party(server, await openApplication({ server: server.server.ready }));
  }

  connectionOf(id: string) {
    return this.app.client.getCallConnection(id);
  }

  /** In a call with a phone; its first two events are read. */
  async connected(to = alice): Promise<string> {
    const { callConnectionProperties } = await this.app.client.createCall(invite(to), this.app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    await this.app.next('CallConnected', id);
    await this.app.next('ParticipantsUpdated', id);
    return id;
  }

  async listed(id: string): Promise<readonly CallParticipant[]> {
    return (await this.connectionOf(id).listParticipants()).values ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
    await this.server.stop();
  }
}
