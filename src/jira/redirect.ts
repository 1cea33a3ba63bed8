const REDIRECTS = new Set([301, 302, 307, 308]);
/** Hosts that only Atlassian gives to sites, and this machine's own for the sandbox. */
const SITES = [/\.atlassian\.net$/, /\.jira\.com$/, /^(?:localhost|127\.0\.0\.1|\[::1\])$/];

/**
 * The origin to which Jira redirects the calls to a site that was renamed; undefined if the answer is no such redirect. Of a
 * renamed site, Atlassian redirects each path of the old address to the same path of the new one. The API token may go there,
 * since the old address stays the site's own, and to no other host.
 * https://jira.atlassian.com/browse/AX-715
 * https://support.atlassian.com/organization-administration/docs/update-a-product-url/
 */
export function renamedTo(from: URL, { status, headers }: Response): string | undefined {
  const to = REDIRECTS.has(status) ? URL.parse(headers.get('location') ?? '') : null;
  if (to === null || to.origin === from.origin) return undefined;
  const isSamePlace = to.href === Object.assign(new URL(from), { hostname: to.hostname }).href;
  const areSites = SITES.some((hosts) => hosts.test(from.hostname) && hosts.test(to.hostname));
  return isSamePlace && areSites ? to.origin : undefined;
}
