import { errorName } from '../log.ts';
import type { KnownSite, ReportedSite } from '../site.ts';
import { JiraTrouble } from './trouble.ts';

/** Stores what Jira says about its site. The result has the addresses that the site had before, too. */
export type RememberSite = (site: ReportedSite) => Promise<KnownSite>;

/** When Maro reads again what Jira says about its site, in milliseconds after the last time. */
export type SiteAges = {
  /** For a link whose host Maro does not know. */
  forUnknownHost: number;
  /** For anything, in the background. */
  always: number;
};

export type Site = KnownSite & { url: string };

const AGES: SiteAges = { forUnknownHost: 10_000, always: 10 * 60_000 };

/**
 * The site, which may get another address while Maro runs. It is read before it is first used. Later it is read again
 * from time to time, and nobody waits for that.
 */
export function createSite(
  read: () => Promise<ReportedSite>,
  remember: RememberSite,
  log: { warn(fields: object, message: string): void },
  ages = AGES,
) {
  let known: Site | undefined;
  let reading: Promise<Site> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  /** Callers at the same time share one reading. */
  function readAgain(): Promise<Site> {
    if (reading === undefined) {
      readAt = Date.now();
      reading = readOnce().finally(() => {
        reading = undefined;
      });
    }
    return reading;
  }

  async function readOnce(): Promise<Site> {
    const reported = await read();
    known = { ...(await remember(reported)), url: reported.url };
    return known;
  }

  async function get(): Promise<Site> {
    if (known === undefined) return await readAgain();
    if (Date.now() - readAt >= ages.always) {
      void readAgain().catch((error) => {
        // What is wrong with Jira is in the log already.
        if (!(error instanceof JiraTrouble)) log.warn({ error: errorName(error) }, 'the site could not be stored');
      });
    }
    return known;
  }

  return {
    /** The site as Maro last read it. @throws {JiraTrouble} @throws whatever `remember` throws, the first time. */
    get,

    /**
     * Whether a link's host (with its port) is one that the site has or had. Reads the site again for an
     * unknown host, but not more often than every ten seconds.
     * @throws as `get` does, also when the site cannot be read again.
     */
    async has(host: string): Promise<boolean> {
      if (isAmong(host, await get())) return true;
      if (reading === undefined && Date.now() - readAt < ages.forUnknownHost) return false;
      return isAmong(host, await readAgain());
    },
  };
}

function isAmong(host: string, { addresses }: Site): boolean {
  return addresses.some((address) => URL.parse(address)?.host === host);
}

/** Whether JIRA_HOST is Atlassian's gateway, which is not an address of the site. */
export function isGateway(host: string): boolean {
  return new URL(host).pathname.startsWith('/ex/jira/');
}
