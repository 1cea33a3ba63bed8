import type { Jira } from '../../src/jira/client.ts';
import type { Call } from './calls.ts';

const issue = '/rest/api/3/issue';
const doc = (text: string) =>
  ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }) as const;

/** What the stand-in must answer to those who change an issue. */
export function acting(): Call[] {
  return [...transitioning(), ...commenting(), ...editing(), ...finding(), ...bulk()];
}

function transitioning(): Call[] {
  const transitions = (key: string) => `${issue}/${key}/transitions`;
  const post = (says: string, status: number, key: string, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: transitions(key), body, ...more };
  };
  return [
    { says: 'with fields', status: 200, path: `${transitions('OPS-2')}?expand=transitions.fields` },
    { says: 'one of them', status: 200, path: `${transitions('PLAT-4')}?transitionId=21` },
    { says: 'one that does not exist', status: 200, path: `${transitions('PLAT-4')}?transitionId=999` },
    { says: 'of a hidden issue', status: 404, path: transitions('PLAT-80') },
    { says: 'at the gateway', status: 200, path: transitions('PLAT-4'), door: 'gateway' },
    post('without a screen', 204, 'PLAT-4', { transition: { id: '21' } }),
    post('with a screen', 204, 'PLAT-4', { transition: { id: '61' }, fields: { resolution: { id: '10001' } } }),
    post('without its field', 400, 'PLAT-5', { transition: { id: '61' } }),
    post('with a comment', 204, 'PLAT-5', {
      transition: { id: '41' },
      update: { comment: [{ add: { body: doc('Waiting') } }] },
    }),
    post('without a transition', 400, 'PLAT-5', { fields: {} }),
    post('a missing issue', 404, 'PLAT-4711', { transition: { id: '21' } }),
    post('unknown member', 400, 'PLAT-5', { transition: { id: '21' }, colour: 'red' }, { unfit: true }),
  ];
}

function commenting(): Call[] {
  const path = `${issue}/PLAT-10/comment`;
  const post = (says: string, status: number, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path, body, ...more };
  };
  const properties = [{ key: 'maro.operation', value: { id: 'one' } }];
  const list = '/rest/api/3/comment/list';
  return [
    post('with a property', 201, { body: doc('Words'), properties }),
    post('expanded', 201, { body: doc('Words'), properties }, { path: `${path}?expand=properties` }),
    post('no words', 400, { body: doc(' ') }),
    post('no document', 400, { body: 'Words' }),
    post('property without a value', 400, { body: doc('Words'), properties: [{ key: 'x' }] }, { unfit: true }),
    post('on a hidden issue', 404, { body: doc('Words') }, { path: `${issue}/PLAT-80/comment` }),
    post('by ids', 200, { ids: [10101, 10102, 4] }, { path: list }),
    post('by ids, expanded', 200, { ids: [10101, 10102] }, { path: `${list}?expand=properties` }),
    post('no ids', 400, { ids: [] }, { path: list }),
    post('ids that are none', 400, { ids: ['a'] }, { path: list, unfit: true }),
  ];
}

function editing(): Call[] {
  const put = (says: string, status: number, body: unknown, path = `${issue}/PLAT-11`): Call => {
    return { says, status, method: 'PUT', path, body };
  };
  const [assignee, watchers] = [`${issue}/PLAT-11/assignee`, `${issue}/PLAT-11/watchers`];
  const accountId = '5b10a2844c20165700ede213';
  return [
    put('fields', 204, { fields: { summary: 'New', priority: { id: '2' }, labels: ['a'], duedate: '2026-12-24' } }),
    put('operations', 204, { update: { labels: [{ add: 'b' }, { remove: 'a' }] } }),
    put('nothing', 400, {}),
    put('wrong values', 400, { fields: { summary: '', duedate: 'soon', colour: 'red' } }),
    put('a missing issue', 404, { fields: { summary: 'New' } }, `${issue}/PLAT-4711`),
    { says: 'fields to edit', status: 200, path: `${issue}/OPS-2/editmeta` },
    { says: 'fields of a hidden issue', status: 404, path: `${issue}/PLAT-80/editmeta` },
    put('somebody', 204, { accountId }, assignee),
    put('nobody', 204, { accountId: null }, assignee),
    put('the default', 204, { accountId: '-1' }, assignee),
    { ...put('without accountId', 400, {}, assignee), unfit: true },
    put('somebody unknown', 400, { accountId: 'x' }, assignee),
    put('of a missing issue', 404, { accountId }, `${issue}/PLAT-4711/assignee`),
    {
      says: 'for an issue',
      status: 200,
      path: '/rest/api/3/user/assignable/search?issueKey=PLAT-11&query=ma',
    },
    { says: 'watch', status: 204, method: 'POST', path: watchers, body: accountId },
    { says: 'watch as nobody known', status: 404, method: 'POST', path: watchers, body: 'x' },
    { says: 'watchers', status: 200, path: watchers },
    { says: 'unwatch', status: 204, method: 'DELETE', path: `${watchers}?accountId=${accountId}` },
    { says: 'unwatch nobody', status: 400, method: 'DELETE', path: watchers },
  ];
}

function finding(): Call[] {
  const filters = '/rest/api/3/filter/search';
  return [
    { says: 'by a part of the name', status: 200, path: `${filters}?filterName=ug&isSubstringMatch=true&expand=jql` },
    { says: 'by words', status: 200, path: `${filters}?filterName=bugs` },
    { says: 'an unknown expansion', status: 400, path: `${filters}?expand=colour` },
    { says: 'without a query of its own', status: 200, path: `${issue}/picker?query=sign` },
  ];
}

function bulk(): Call[] {
  const path = '/rest/api/3/bulk/issues';
  const post = (says: string, status: number, where: string, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: `${path}/${where}`, body, ...more };
  };
  const keys = ['PLAT-14', 'PLAT-15', 'PLAT-80'];
  const edit = { selectedIssueIdsOrKeys: keys, selectedActions: ['priority'] };
  const inputs = [{ selectedIssueIdsOrKeys: keys, transitionId: '61' }];
  return [
    { says: 'steps', status: 200, path: `${path}/transition?issueIdsOrKeys=PLAT-14,SHOP-1` },
    { says: 'steps of no issue', status: 400, path: `${path}/transition?issueIdsOrKeys=PLAT-4711` },
    post('many', 201, 'transition', { bulkTransitionInputs: inputs, sendBulkNotification: false }),
    post('none', 400, 'transition', { bulkTransitionInputs: [] }),
    post(
      'without a transition',
      400,
      'transition',
      { bulkTransitionInputs: [{ selectedIssueIdsOrKeys: keys }] },
      {
        unfit: true,
      },
    ),
    post('a priority', 201, 'fields', { ...edit, editedFieldsInput: { priority: { priorityId: '2' } } }),
    post('other fields than said', 400, 'fields', { ...edit, editedFieldsInput: {} }),
    { says: 'a task', status: 200, path: '/rest/api/3/bulk/queue/10000' },
    { says: 'no task', status: 400, path: '/rest/api/3/bulk/queue/1' },
    { says: 'no login', status: 401, path: '/rest/api/3/bulk/queue/10000', login: 'none' },
  ];
}

/** What Maro sends for what people do to issues, in each of its forms. */
export async function act(jira: Jira): Promise<void> {
  await jira.describe('PLAT-4');
  await jira.transitionsOf('OPS-2');
  await jira.transitionsOf('PLAT-4711');
  await jira.transition('PLAT-9', { id: '21' });
  await jira.transition('PLAT-9', { id: '61', fields: { resolution: { id: '10001' } } });
  await jira.transition('PLAT-9', { id: '41', comment: doc('The vendor has to answer') });
  await jira.transition('PLAT-9', { id: '999' });
  const yuki = '5b10a2844c20165700ede213';
  const sentAt = new Date();
  await jira.comment('PLAT-9', doc('Words'), 'one');
  await jira.commentOf('PLAT-9', 'one', sentAt);
  await jira.comment('PLAT-4711', doc('Words'), 'two');
  for (const accountId of [yuki, null, 'nobody']) await jira.assign('PLAT-9', accountId);
  await jira.assignableTo('PLAT-9', 'yu');
  const change = {
    fields: { summary: 'New', priority: { id: '2' }, duedate: '2026-12-24' },
    labels: { add: ['a'], remove: ['b'] },
  };
  await jira.edit('PLAT-9', change);
  await jira.hasEdit('PLAT-9', change);
  await jira.edit('PLAT-9', { fields: { priority: { id: '99' } } });
  await jira.priorities('PLAT-9');
  await jira.watch('PLAT-9', yuki);
  await jira.unwatch('PLAT-9', yuki);
  await jira.picker('sign-in & more');
  await jira.count('project = PLAT');
  await jira.find('project = PLAT ORDER BY updated DESC', 150);
  await jira.find('nonsense', 10);
  await jira.filters('bugs');
  await jira.bulkSteps(['PLAT-9', 'SHOP-1']);
  await jira.bulkSteps(['PLAT-4711']);
  await jira.bulkTransition(
    new Map([
      ['PLAT-9', '21'],
      ['PLAT-10', '11'],
      ['PLAT-4711', '11'],
    ]),
  );
  await jira.bulkEdit(['PLAT-9', 'PLAT-10'], { priority: '1', assignee: yuki });
  await jira.bulkEdit(['PLAT-9'], { assignee: null });
  await jira.bulkEdit([], { priority: '1' });
  for (const task of ['10000', '1']) await jira.bulkProgress(task);
}
