/** Who may import whom: the table of the house, and its checker. */
import { importsOf } from './imports.ts';
import { isTest, lineOf, type SourceFile } from './source-files.ts';

interface Layer {
  /** Folders or files that belong to it; `*` stands for one name. */
  readonly at: readonly string[];
  /** Layers it may import. Its own folder always; another folder of the same layer only where it is listed. */
  readonly may: readonly string[];
  /** Layers whose types alone it may import. */
  readonly types?: readonly string[];
  /** Modules from outside; absent: any. */
  readonly outside?: readonly string[];
}

export const layers: Readonly<Record<string, Layer>> = {
  codes: { at: ['src/codes'], may: [], outside: [] },
  ids: { at: ['src/domain/ids'], may: ['codes'], outside: [] },
  // What keys, words and lanes come to; the call holds its state.
  media: { at: ['src/domain/media'], may: ['codes', 'ids'], outside: [] },
  call: { at: ['src/domain/call'], may: ['codes', 'ids', 'media'], outside: [] },
  // Its outcomes are made where every outcome is.
  chat: { at: ['src/domain/chat'], may: ['codes', 'ids', 'call'], outside: [] },
  sms: { at: ['src/domain/sms'], may: ['codes', 'ids', 'call'], outside: [] },
  feature: { at: ['src/domain/*'], may: ['codes', 'ids'], outside: [] },
  sip: { at: ['src/wire/sip'], may: [], outside: ['node:crypto'] },
  protocol: {
    at: ['src/wire/sdp', 'src/wire/rtp', 'src/wire/stun', 'src/wire/smpp', 'src/wire/wav', 'src/wire/audio'],
    may: [],
    outside: ['node:crypto'],
  },
  // The browser SDK bundles it.
  realtime: { at: ['src/wire/realtime'], may: ['codes', 'shapes'], types: ['domain'], outside: [] },
  shapes: { at: ['src/wire/*'], may: ['codes', 'ids', 'media', 'shapes'], types: ['domain'] },
  app: { at: ['src/app/*'], may: ['codes', 'domain', 'app'] },
  stack: { at: ['src/edge/sip'], may: ['sip'] },
  // One connection of SMPP, of either side; it reads a stream as the SIP stack does.
  link: { at: ['src/edge/smpp'], may: ['protocol', 'stack'] },
  edge: { at: ['src/edge/*'], may: ['wire', 'app', 'stack', 'link', 'blobs'], types: ['domain'] },
  // Both the server and its media processes read and write them.
  blobs: { at: ['src/edge/blobs'], may: ['app'] },
  simulated: { at: ['src/simulated'], may: ['wire', 'stack', 'link'] },
  config: { at: ['src/config'], may: [] },
  // Commands that run a server, or a part of one, in their own process.
  start: {
    at: ['src/cli/start.ts', 'src/cli/cert.ts', 'src/cli/reproduce.ts'],
    may: ['main', 'stage', 'cli', 'codes', 'rest'],
    types: ['told'],
  },
  // What the admin API answers is typed by the ports and by the explanation.
  cli: { at: ['src/cli'], may: ['rest', 'codes', 'start'], types: ['told'] },
  main: { at: ['src/main.ts', 'src/main', 'src/testing.ts', 'src/resolve.ts'], may: ['all'] },
  scenarios: { at: ['scenarios'], may: [], types: ['ports', 'codes'] },
  // What scenarios are played on: a throw-away server and its peers.
  stage: {
    at: ['scenarios/run.ts', 'scenarios/stage'],
    may: ['main', 'rest', 'protocol', 'codes', 'config', 'scenarios'],
    types: ['told'],
  },
};

/** Several layers, or a part of one, under one name. */
const families: Readonly<Record<string, (path: string, layer: string) => boolean>> = {
  all: () => true,
  domain: (path) => path.startsWith('src/domain/'),
  wire: (path) => path.startsWith('src/wire/'),
  rest: (path) => path.startsWith('src/wire/rest/'),
  ports: (path) => path.startsWith('src/app/ports/'),
  told: (path) => path.startsWith('src/app/ports/') || path === 'src/app/explain/timeline.ts',
};

interface Place {
  readonly layer: string;
  /** The folder (or file) of the layer that holds the path. */
  readonly folder: string;
}

/** The layer with the longest, most literal entry that holds the path. */
export function placeOf(path: string): Place | undefined {
  const steps = path.split('/');
  const holding = Object.entries(layers).flatMap(([layer, { at }]) =>
    at
      .map((entry) => entry.split('/'))
      .filter((entry) =>
        entry.every((step, i) => step === steps[i] || (step === '*' && i < steps.length - 1)),
      )
      .map((entry) => ({
        layer,
        folder: steps.slice(0, entry.length).join('/'),
        weight: entry.length * 2 - (entry.includes('*') ? 1 : 0),
      })),
  );
  return holding.sort((a, b) => b.weight - a.weight)[0];
}

function covers(names: readonly string[], path: string, layer: string): boolean {
  return names.some((name) => name === layer || families[name]?.(path, layer));
}

/** One sentence per import that the table does not allow. */
export function boundaryFaults(file: SourceFile): readonly string[] {
  if (isTest(file.path)) return [];
  const from = placeOf(file.path);
  if (!from) return [`${file.path} stands in no layer of test/rules/boundaries.ts`];
  const { may, types = [], outside } = layers[from.layer]!;
  return importsOf(file).flatMap(({ target, own, typeOnly, line }) => {
    const fault = (why: string) => [`${file.path}:${line}: ${why}`];
    if (!own) {
      return outside && !outside.includes(target) ? fault(`${from.folder} may not import ${target}`) : [];
    }
    const to = placeOf(target);
    // package.json and the like.
    if (!to) return target.startsWith('src/') ? fault(`imports ${target}, which stands in no layer`) : [];
    if (to.folder === from.folder || (from.layer === to.layer && ['main', 'stage'].includes(from.layer)))
      return [];
    if (covers(may, target, to.layer)) return [];
    if (covers(types, target, to.layer)) {
      return typeOnly ? [] : fault(`${from.folder} may import types alone from ${to.folder} (${target})`);
    }
    return fault(`${from.folder} may not import ${to.folder} (${target})`);
  });
}

/** Modules that only a server has, where the browser SDK bundles the code. */
export function serverModules(file: SourceFile): readonly string[] {
  if (isTest(file.path)) return [];
  const found = [...file.text.matchAll(/['"]node:[\w/]+['"]/g)];
  return found.map(
    ({ 0: module, index }) => `${file.path}:${lineOf(file.text, index)}: ${module} is not in browsers`,
  );
}
