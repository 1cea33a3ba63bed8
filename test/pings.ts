/**
 * Whatever Slack would make more of in a message than words: people, groups, channels and links, in blocks and in marked-up
 * text. https://docs.slack.dev/messaging/formatting-message-text/
 */
export function pings(shown: unknown): string[] {
  if (Array.isArray(shown)) return shown.flatMap(pings);
  if (typeof shown !== 'object' || shown === null) return [];
  const { type, text, elements, blocks, ...rest } = shown as Record<string, unknown>;
  const named = ['user', 'usergroup', 'broadcast', 'channel', 'team', 'link', 'emoji'].includes(String(type));
  const [what] = [
    rest.user_id,
    rest.usergroup_id,
    rest.range,
    rest.channel_id,
    rest.team_id,
    rest.url,
    rest.name,
  ].filter((value) => value !== undefined);
  // A message's own text and `mrkdwn` are marked up; the text of a rich text element and `plain_text` are not.
  const marked = typeof text === 'string' && (type === undefined || type === 'mrkdwn' || type === 'message');
  return [
    ...(named ? [`${type} ${what}`] : []),
    ...(marked ? (text.match(/<[^>]*>?/g) ?? []) : pings(text)),
    ...pings(elements),
    ...pings(blocks),
  ];
}
