import { applicationRejects } from '../call/application-rejects.ts';

export const scenario = applicationRejects(
  'automation/486/8539',
  'busy',
  'The application that is offered a call rejects it as busy.',
);
