/** `PlaySource` in requests: a file, a text or SSML to be heard. */
import type { PromptSource, Voice } from '../../domain/media/operation.ts';
import { invalid, jsonKind, present, type Take } from './decoded.ts';
import { Fields, type Model, oneOf, text } from './fields.ts';

export type { PromptSource } from '../../domain/media/operation.ts';

export const playSourceModel = {
  kind: 'served',
  playSourceCacheId: 'served',
  file: 'served',
  text: 'served',
  ssml: 'served',
} as const satisfies Model;

// Older pages say 400 characters, newer ones 4000 (`reference/call-automation.md` §6).
const MAX_TEXT = 4000;
const MAX_URI = 4096;
const MAX_SSML = 64_000;

const uri: Take<string> = (value, field) => {
  if (typeof value !== 'string') return invalid(field, `It must be a string and is ${jsonKind(value)}.`);
  if (value.length > MAX_URI)
    return invalid(field, `It may have ${MAX_URI} characters and has ${value.length}.`);
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
  if (!url) return invalid(field, 'It must be an absolute http or https URL.');
  return url.username === '' && url.password === ''
    ? { ok: value }
    : invalid(field, 'It must not carry a user name or password.');
};

/** Lines may break in what is spoken. */
const prose =
  (max: number): Take<string> =>
  (value, field) => {
    if (typeof value !== 'string') return invalid(field, `It must be a string and is ${jsonKind(value)}.`);
    return value.length <= max
      ? { ok: value }
      : invalid(field, `It may have ${max} characters and has ${value.length}.`);
  };

export const fileModel = { uri: 'served' } as const satisfies Model;

const takeFile: Take<{ readonly uri: string }> = (value, field) => {
  const fields = new Fields(value, fileModel, `${field}.`);
  const at = fields.required('uri', uri);
  return fields.result(() => ({ uri: at! }));
};

export const textModel = {
  text: 'served',
  sourceLocale: 'served',
  voiceKind: 'served',
  voiceName: 'served',
  customVoiceEndpointId: 'served',
} as const satisfies Model;

const takeText: Take<{ readonly text: string; readonly voice: Voice }> = (value, field) => {
  const fields = new Fields(value, textModel, `${field}.`);
  const said = fields.required('text', prose(MAX_TEXT));
  const locale = fields.optional('sourceLocale', text({ max: 35 }));
  const kind = fields.optional('voiceKind', oneOf('male', 'female'));
  const name = fields.optional('voiceName', text({ max: 128 }));
  const endpointId = fields.optional('customVoiceEndpointId', text({ max: 128 }));
  return fields.result(() => ({ text: said!, voice: present({ locale, kind, name, endpointId }) }));
};

export const ssmlModel = { ssmlText: 'served', customVoiceEndpointId: 'served' } as const satisfies Model;

const takeSsml: Take<{ readonly ssml: string; readonly endpointId?: string }> = (value, field) => {
  const fields = new Fields(value, ssmlModel, `${field}.`);
  const ssml = fields.required('ssmlText', prose(MAX_SSML));
  const endpointId = fields.optional('customVoiceEndpointId', text({ max: 128 }));
  return fields.result(() => ({ ssml: ssml!, ...present({ endpointId }) }));
};

/** One source. What it is has to stand beside its kind; the others must be absent. */
export const takePlaySource: Take<PromptSource> = (value, field) => {
  const fields = new Fields(value, playSourceModel, `${field}.`);
  const kind = fields.required('kind', oneOf('file', 'text', 'ssml'));
  const cacheId = fields.optional('playSourceCacheId', text({ max: 256 }));
  const file = kind === 'file' ? fields.required('file', takeFile) : undefined;
  const spoken = kind === 'text' ? fields.required('text', takeText) : undefined;
  const ssml = kind === 'ssml' ? fields.required('ssml', takeSsml) : undefined;
  return fields.result((): PromptSource => {
    const cached = present({ cacheId });
    if (file) return { kind: 'file', ...file, ...cached };
    return spoken ? { kind: 'text', ...spoken, ...cached } : { kind: 'ssml', ...ssml!, ...cached };
  });
};
