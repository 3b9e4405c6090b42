import { applicationRejects } from '../call/application-rejects.ts';

export const scenario = applicationRejects(
  'automation/403/7504',
  'forbidden',
  'The application that is offered a call forbids it.',
);
