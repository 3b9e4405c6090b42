/** A leg's far end as a test holds it: what a person at that phone can do. */
export interface FarEnd {
  /** `received`: the server called this number; `placed`: this number called the server. */
  readonly direction: 'received' | 'placed';
  readonly from: string;
  readonly to: string;
  readonly sipCallId: string;
  readonly state: 'ringing' | 'answered' | 'ended';
  /** RTP packets heard, and the keys among them. */
  readonly packetsHeard: number;
  readonly tonesHeard: string;
  /** Whether the last RTP packet was anything but silence. */
  readonly hearsSound: boolean;
  /** BYE; before the answer, CANCEL of a placed call and 480 for a received one. */
  hangUp(): void;
  /** A received call that still rings: answers it whatever its number does. */
  answer(): void;
  /** A received call that still rings. */
  reject(status: number): void;
  /** Stops sending RTP without saying so, as when a line is cut one way. */
  stopMedia(): void;
  resumeMedia(): void;
  /** Settles when the keys have been sent (RFC 4733), or cannot be. */
  press(keys: string): Promise<void>;
}
