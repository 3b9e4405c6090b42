/** Reads what `explain MESSAGE-ID` needs of a text. */
import { isTextId } from '../app/desks/sms-ids.ts';
import { textStory } from '../app/explain/text-story.ts';
import type { TextStory } from '../app/ports/administration.ts';
import type { OpenedStore } from '../edge/store/open-store.ts';

/** Deliveries of one text that are shown. */
const shown = 1000;

/** Of the text with this id; of another id, none. */
export function textStories(
  store: Pick<OpenedStore, 'sms' | 'deliveries'>,
): (id: string) => readonly TextStory[] {
  return (id) => {
    const index = isTextId(id) ? store.sms.index(id) : undefined;
    if (!index) return [];
    const deliveries = store.deliveries({ callId: id, limit: shown });
    return [textStory({ index, facts: store.sms.load(id).facts, deliveries })];
  };
}
