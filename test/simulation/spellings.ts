/** The ways in which people type one issue in a command or a step's input. `site` is the address of the Jira site. */
const TYPED: readonly ((key: string, site: string) => string)[] = [
  (key) => key,
  (key) => key.toLowerCase(),
  (key) => `“${key}”`,
  (key) => `«${key}»`,
  (key) => `${key}?`,
  (key) => `${key}…`,
  (key) => `#${key}`,
  (key) => `${key}\u200b`,
  (key) => `Issue:${key}`,
  (key) => `${key};${key}/${key}`,
  (key, site) => `${site}/browse/${key}`,
  (key, site) => `(${site}/browse/${key})`,
  (key, site) => `<${site}/browse/${key}|${key}>`,
  (key, site) => `Issue:<${site}/browse/${key}>`,
  (key, site) => `${site}/jira/boards/3?a=1&selectedIssue=${key}`,
  (key, site) => `${site}/servicedesk/customer/portal/2/${key}`,
  (key, site) => `${site}/jira/servicedesk/projects/${key.split('-')[0]}/queues/custom/5/${key}`,
];

/** The ways in which a message mentions one issue. */
const WRITTEN: readonly ((key: string, site: string) => string)[] = [
  (key) => `Look at ${key}`,
  (key) => `merged feature/${key}-fix-login`,
  (key) => `${key}_fix is next, ISO-8859-1 is not`,
  (key) => `_${key}_, please`,
  (key) => `${key}/${key}: the same twice`,
  (key, site) => `${site}/browse/${key}—done`,
  (key, site) => `see <${site}/browse/${key}|the outage> & <https://status.example/1|the page>`,
];

/** Words that people type for a summary, and the words that Jira gets when Slack wrote them with its markup. */
const WORDS: readonly (readonly [typed: string, meant: string])[] = [
  ['', ''],
  [' &amp; &lt;b&gt;', ' & <b>'],
  [' in <#C0CHECK|checkout>', ' in #checkout'],
  [' for <mailto:a@acme.example|a@acme.example>', ' for a@acme.example'],
  [' by <!date^1763078400^{date_short}|14 Nov>', ' by 14 Nov'],
  [' „Straße“ 👩‍💻 ﷽', ' „Straße“ 👩‍💻 ﷽'],
];

/** How many spellings there are to draw from: a deed takes its own modulo the length of its list. */
export const MOST_SPELLINGS = TYPED.length * WRITTEN.length * WORDS.length;

export function typedKey(spelling: number, key: string, site: string): string {
  return (TYPED[spelling % TYPED.length] ?? String)(key, site);
}

export function writtenKey(spelling: number, key: string, site: string): string {
  return (WRITTEN[spelling % WRITTEN.length] ?? String)(key, site);
}

/** The words as Slack hands them to a step, and as Jira gets them. */
export function wordsOf(spelling: number, words: string): { typed: string; meant: string } {
  const [typed, meant] = WORDS[spelling % WORDS.length] ?? ['', ''];
  return { typed: words + typed, meant: words + meant };
}
