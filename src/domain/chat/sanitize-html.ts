/** What may stand in an html message: the elements of formatted text, without anything that runs, loads or submits. */

const elements: ReadonlySet<string> = new Set(
  (
    'a abbr b blockquote br caption cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ' +
    'mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr u ul var'
  ).split(' '),
);
/** Their content goes with them: it is no text of the message. */
const dropped: ReadonlySet<string> = new Set(
  'script style iframe object embed applet noscript template svg math title textarea select xmp noembed noframes plaintext'.split(
    ' ',
  ),
);
const empty: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'col']);

const attributes: Readonly<Record<string, readonly string[]>> = {
  '*': ['title', 'dir', 'lang'],
  a: ['href', 'rel', 'target'],
  img: ['src', 'alt', 'width', 'height'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  ol: ['start', 'type'],
  col: ['span'],
  colgroup: ['span'],
  blockquote: ['cite'],
  q: ['cite'],
};
const addresses: ReadonlySet<string> = new Set(['href', 'src', 'cite']);
/** Control characters and white space are passed over by browsers when they read a scheme. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are what must not hide a scheme.
const passedOver = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;
const schemes = /^(?:https?|mailto|tel):/i;

const escapeText = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapeValue = (value: string): string => escapeText(value).replaceAll('"', '&quot;');

/** Numeric references hide a scheme from us, and not from a browser. */
const decodeReferences = (value: string): string =>
  value
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (_, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/&(colon|tab|newline|amp);?/gi, (_, name: string) =>
      name.toLowerCase() === 'colon' ? ':' : name.toLowerCase() === 'amp' ? '&' : '',
    );

/** A relative address has no scheme: nothing with a colon before its first slash, question mark or hash. */
function harmless(address: string): boolean {
  const plain = decodeReferences(decodeReferences(address)).replace(passedOver, '');
  return schemes.test(plain) || !/^[^/?#]*:/.test(plain);
}

const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g;

function kept(element: string, text: string): string {
  const allowed = [
    ...(attributes['*'] ?? []),
    ...(Object.hasOwn(attributes, element) ? attributes[element]! : []),
  ];
  const seen = new Set<string>();
  let out = '';
  for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
    const key = name.toLowerCase();
    if (!allowed.includes(key) || seen.has(key)) continue;
    seen.add(key);
    const value = double ?? single ?? bare ?? '';
    if (addresses.has(key) && !harmless(value)) continue;
    out += ` ${key}="${escapeValue(value)}"`;
  }
  return out;
}

const name = /^(\/?)([a-z][a-z0-9]*)(?=[\s/>])/i;

/** The end of the tag that begins at `from`: a `>` outside quotes, or -1. */
function endOfTag(html: string, from: number): number {
  let quote = '';
  for (let i = from; i < html.length; i++) {
    const c = html[i] as string;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '>') return i;
    else if ((c === '"' || c === "'") && html[i - 1]?.trim() === '=') quote = c;
  }
  return -1;
}

/** Past the element whose content is dropped: after its end tag, or at the end of the text. */
function afterContent(html: string, from: number, element: string): number {
  const end = new RegExp(`</${element}(?=[\\s/>])`, 'gi');
  end.lastIndex = from;
  const found = end.exec(html);
  if (!found) return html.length;
  const close = html.indexOf('>', found.index);
  return close < 0 ? html.length : close + 1;
}

/** Linear in the length of its input, but for end tags of dropped elements that never come: those end the text. */
export function sanitizeHtml(html: string): string {
  let out = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) return out + escapeText(html.slice(at));
    out += escapeText(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const tag = name.exec(html.slice(open + 1, open + 40));
    if (!tag) {
      const declaration = html[open + 1] === '!' || html[open + 1] === '?';
      const end = declaration ? html.indexOf('>', open) : open;
      if (!declaration) out += '&lt;';
      at = end < 0 ? html.length : end + 1;
      continue;
    }
    const [, slash, word = ''] = tag;
    const element = word.toLowerCase();
    const end = endOfTag(html, open + 1);
    if (end < 0) {
      // A tag that never ends would swallow what a client puts behind the message.
      return out;
    }
    at = end + 1;
    if (dropped.has(element)) {
      if (slash === '') at = afterContent(html, at, element);
    } else if (elements.has(element)) {
      if (slash === '') out += `<${element}${kept(element, html.slice(open + 1 + word.length, end))}>`;
      else if (!empty.has(element)) out += `</${element}>`;
    }
  }
  return out;
}
