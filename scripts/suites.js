// What the tests touch (docs: CONTRIBUTING.md), from the quickest to the slowest.
const folders = {
  domain: ['src/codes/', 'src/domain/', 'src/app/', 'src/config/'],
  codec: ['src/wire/'],
  edge: ['src/edge/', 'src/simulated/', 'src/cli/', 'src/'],
  rules: ['test/rules/'],
  scenario: ['scenarios/', 'test/scenario/'],
  conformance: ['test/conformance/'],
};

export const suites = Object.keys(folders);

/** The suite of a file given relative to the root. Tests that stand alone under test/ check our own rules. */
export function suiteOf(file) {
  return suites.find((suite) => folders[suite].some((folder) => file.startsWith(folder))) ?? 'rules';
}
