/** Why the phone numbers API does not do what it is asked; the code and, where one is to blame, the field. */

export interface NumbersRefusal {
  /** `argument`: the request is wrong; `unknown`: what it names is not there; `unavailable`: it cannot be had as things are. */
  readonly kind: 'argument' | 'unknown' | 'unavailable';
  readonly code: string;
  readonly message: string;
  /** The field or parameter, as on the wire. */
  readonly target: string;
}

export interface Refused {
  readonly refused: NumbersRefusal;
}

const refusing =
  (kind: NumbersRefusal['kind']) =>
  (code: string, target: string, message: string): Refused => ({ refused: { kind, code, message, target } });

export const wrong = (target: string, message: string): Refused =>
  refusing('argument')('BadRequest', target, message);
export const unknown = refusing('unknown');
export const unavailable = refusing('unavailable');
