/** A server, phones on a trunk with real RTP, an application that uses the official client, and its prompts. */
import type { CallMedia, CreateCallOptions } from '@azure/communication-call-automation';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, phone } from './application.ts';
import { type LinePhone, openPhoneLine, type PhoneLine } from './phone-line.ts';
import { reached } from './timeline.ts';

/** The phone that is called unless a test says otherwise, and a way to name it. */
export const number = '+15557654321';
export const them = phone(number);

/** The embedded speech service, which every resource has. */
export const speech: CreateCallOptions = {
  callIntelligenceOptions: { cognitiveServicesEndpoint: 'https://ringback.cognitiveservices.azure.com/' },
};

export interface MediaStageOptions {
  /** Further settings of the server, as YAML. */
  readonly more?: string;
  readonly data?: string;
  readonly maxRetries?: number;
}

const settings = (port: number, more: string): string => `
carrier: { simulated: true }
trunks:
  - { name: phones, kind: carrier, host: 127.0.0.1, port: ${port}, maxConcurrentCallsPerNumber: 100 }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: phones }
destinations: { allow: ['+1555', '+1500555'] }
sip: { t1: 50ms, t4: 500ms }
drainTimeout: 100ms
${more}
`;

export interface Talk {
  readonly id: string;
  readonly serverCallId: string;
  readonly far: LinePhone;
  readonly media: CallMedia;
}

export class MediaStage implements AsyncDisposable {
  readonly line: PhoneLine;
  readonly server: Ringback;
  readonly app: Application;

  private constructor(line: PhoneLine, server: Ringback, app: Application) {
    this.line = line;
    this.server = server;
    this.app = app;
  }

  static async open({ more = '', data, maxRetries }: MediaStageOptions = {}): Promise<MediaStage> {
    const line = await openPhoneLine();
    const server = await startRingback({
      config: settings(line.port, more),
      ...(data === undefined ? {} : { data }),
    });
    const app = await openApplication({
      server: server.server.ready,
      ...(maxRetries === undefined ? {} : { maxRetries }),
    });
    return new MediaStage(line, server, app);
  }

  get ready(): Ringback['server']['ready'] {
    return this.server.server.ready;
  }

  media(id: string): CallMedia {
    return this.app.client.getCallConnection(id).getCallMedia();
  }

  /** The application calls a phone, which answers and is heard. */
  async call(to = number, options: CreateCallOptions = {}): Promise<Talk> {
    const { callConnectionProperties } = await this.app.client.createCall(
      invite(to),
      this.app.callbackUrl,
      options,
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    const far = await this.line.answered();
    const { serverCallId } = await this.app.next('CallConnected', id);
    far.rtp.say(far.server);
    await reached(this.ready, id, /first packet/);
    return { id, serverCallId, far, media: this.media(id) };
  }

  /** The application calls several phones at once; all answer and are heard. */
  async conference<const N extends readonly string[]>(...numbers: N) {
    const { callConnectionProperties } = await this.app.client.createGroupCall(
      numbers.map(phone),
      this.app.callbackUrl,
      { sourceCallIdNumber: phone('+18005550100') },
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    const answered: LinePhone[] = [];
    for (const _ of numbers) answered.push(await this.line.answered());
    const { serverCallId } = await this.app.next('CallConnected', id);
    for (const far of answered) far.rtp.say(far.server);
    await reached(this.ready, id, /first packet/, numbers.length);
    const far = (of: string): LinePhone => {
      const found = answered.find(({ number }) => number === of);
      if (!found) throw new Error(`${of} was not called; there were ${answered.map((one) => one.number)}`);
      return found;
    };
    const phones = numbers.map(far) as { readonly [I in keyof N]: LinePhone };
    return { id, serverCallId, phones, media: this.media(id) };
  }

  async hangUp(id: string): Promise<void> {
    await this.app.client.getCallConnection(id).hangUp(true);
    await this.app.next('CallDisconnected', id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.line[Symbol.asyncDispose]();
    await this.app[Symbol.asyncDispose]();
  }
}
