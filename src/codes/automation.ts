/** All Call Automation rows. */

import { automationStatus } from './automation-status.ts';
import { automationSubcodes } from './automation-subcodes.ts';

export const automation = { ...automationStatus, ...automationSubcodes };
