import type { MediaAddress } from '../../../app/ports/trunk.ts';

export const nameOf = ({ address, port }: MediaAddress): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const isSame = (one: MediaAddress, other: MediaAddress | undefined): boolean =>
  one.address === other?.address && one.port === other.port;
