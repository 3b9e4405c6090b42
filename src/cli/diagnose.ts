import { type Command, Failure } from './command.ts';

export const command: Command = {
  name: 'diagnose',
  operands: 'FILE…',
  count: { least: 0, most: 1000 },
  about: 'Will read exported Azure logs and explain them. It comes with a later version.',
  options: {},
  run: () => {
    throw new Failure(
      '"ringback diagnose" comes with a later version. Until then "ringback explain CODE/SUBCODE" explains the pair of a log row.',
    );
  },
};
