/** What is wrong with options that are each right, before their place is looked up. */
import type { LocatedMap } from './located.ts';

export interface Given {
  readonly root: LocatedMap;
  /** Whether something under this key was reported already, so that what refers to it cannot be judged. */
  readonly spoilt: (key: string) => boolean;
}

export interface Fault {
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  readonly fix: string;
  readonly kind?: 'missing';
}
