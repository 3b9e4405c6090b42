/** The media host as the desk sees it: values and ids only, so that it may stand on another machine. */
import type { RemoteMedia } from '../../domain/call/leg-events.ts';

export type { MediaEvent } from '../../domain/call/leg-events.ts';

/** Every method returns at once; what comes of it comes back as a `MediaEvent`. Legs of one call share a process. */
export interface MediaPort {
  allocate(callId: string, legId: string): void;
  /** Starts (or changes) where a leg sends to; `sendonly` and `inactive` of the far end stop our sending. */
  connect(legId: string, remote: RemoteMedia): void;
  /** Forwards the audio of each of two legs of one call to the other, until one of them is released. */
  bridge(legId: string, otherLegId: string): void;
  ask(legId: string): void;
  release(legId: string): void;
}
