/** The issues of a channel, newest first, as whoever counts nothing selects them: tenant, channel and limit. */
export const SELECT = {
  name: 'select',
  text: `
    select known.*, tracked.tracked_at, tracked.tracked_by, tracked.door, tracked.message_link
    from tracked_issues as tracked join jira_issues as known using (site, issue_id)
    where tracked.tenant_id = $1 and tracked.channel_id = $2
    order by tracked.tracked_at desc, tracked.issue_id desc
    limit $3`,
};
