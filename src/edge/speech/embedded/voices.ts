/** Which voice of which program speaks what was asked for. */
import type { Manner } from '../ssml.ts';

export type Voice =
  | { readonly engine: 'flite'; readonly voice: string }
  /** espeak-ng's name of language and variant, "de+f3". */
  | { readonly engine: 'espeak-ng'; readonly voice: string };

/** Those of flite that speak at 16 kHz. The first of each kind speaks where no voice is named. */
const fliteVoices = { slt: 'female', rms: 'male', awb: 'male', kal16: 'male' } as const;
const usual = { female: 'slt', male: 'rms' } as const;

export const defaultLocale = 'en-US';

/** "en-US-JennyNeural" speaks en-US. */
const localeIn = (voiceName: string): string | undefined =>
  /^[a-z]{2,3}-(?:[A-Z][a-z]{3}-)?(?:[A-Z]{2}|\d{3})(?=-)/.exec(voiceName)?.[0];

export interface Casting {
  readonly voice: Voice;
  /** What of the wish is not met. */
  readonly ignored: readonly string[];
}

/** Undefined where the language is not spoken here; `language` tells which one is wanted. */
export function cast(
  manner: Omit<Manner, 'rate' | 'gain'>,
  espeakLanguages: ReadonlySet<string>,
): Casting | { readonly language: string } {
  const { voiceName, voiceKind = 'female' } = manner;
  if (voiceName !== undefined && Object.hasOwn(fliteVoices, voiceName)) {
    return { voice: { engine: 'flite', voice: voiceName }, ignored: [] };
  }
  const locale =
    (voiceName === undefined ? undefined : localeIn(voiceName)) ?? manner.locale ?? defaultLocale;
  const language = locale.split('-')[0]?.toLowerCase() ?? '';
  if (language === 'en') {
    const voice = usual[voiceKind];
    return {
      voice: { engine: 'flite', voice },
      ignored: [
        ...(voiceName === undefined ? [] : [`the voice ${voiceName}: ${voice} speaks`]),
        ...(/^en(-US)?$/i.test(locale) ? [] : [`the accent of ${locale}`]),
      ],
    };
  }
  const spoken = [locale.toLowerCase(), language].find((name) => espeakLanguages.has(name));
  if (spoken === undefined) return { language: locale };
  const voice = `${spoken}+${voiceKind === 'female' ? 'f3' : 'm3'}`;
  return {
    voice: { engine: 'espeak-ng', voice },
    ignored: voiceName === undefined ? [] : [`the voice ${voiceName}: espeak-ng speaks`],
  };
}
