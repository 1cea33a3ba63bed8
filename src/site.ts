/** What Jira says about its site now. The addresses have no trailing slash. */
export type ReportedSite = {
  /** Atlassian's id of the site, if Maro was given it. */
  cloudId: string | undefined;
  /** The address for links that people follow: the custom domain if there is one. */
  url: string;
  /** The addresses of the site's API, which no other site can have. First the one that Jira reports. */
  own: readonly [baseUrl: string, ...others: string[]];
  /** Custom domains, which can move to another site. */
  others: readonly string[];
};

/** What identifies a site for good, and all addresses that it has had. */
export type KnownSite = { id: string; addresses: readonly string[] };
