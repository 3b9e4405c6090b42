/** Versions of Call Automation, all served by one implementation; stable ones first, newest first. */
export const apiVersions = [
  '2026-03-12',
  '2025-05-15',
  '2024-09-15',
  '2024-04-15',
  '2023-10-15',
  '2023-03-06',
  '2025-06-15-preview',
  '2024-11-15-preview',
  '2024-09-01-preview',
  '2023-10-03-preview',
  '2023-06-15-preview',
  '2023-01-15-preview',
] as const;

export const newestApiVersion = apiVersions[0];
