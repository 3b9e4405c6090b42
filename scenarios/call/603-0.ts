import { applicationRejects } from './application-rejects.ts';

export const scenario = applicationRejects(
  'call/603/0',
  'none',
  'An application calls a number of the server; the application that is offered the call rejects it.',
);
