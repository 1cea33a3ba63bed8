import type { CustomField } from './field.ts';
import type { Project, SeedIssue } from './seed.ts';

const severity: CustomField = {
  id: 'customfield_10042',
  name: 'Severity',
  type: 'select',
  required: true,
  options: [
    { id: '10300', value: 'Nobody can work' },
    { id: '10301', value: 'Some cannot work' },
    { id: '10302', value: 'A nuisance' },
  ],
};

/** One of each that Maro's form asks for, one that it must leave out because Jira fills it, and one that nobody needs. */
const incidentFields: CustomField[] = [
  { id: 'customfield_10040', name: 'Error code', type: 'textfield', required: true },
  { id: 'customfield_10041', name: 'What customers see', type: 'textarea', required: true },
  severity,
  {
    id: 'customfield_10043',
    name: 'Regions',
    type: 'multiselect',
    required: true,
    options: [
      { id: '10310', value: 'Europe' },
      { id: '10311', value: 'Asia' },
      { id: '10312', value: 'Americas' },
    ],
  },
  { id: 'customfield_10044', name: 'Customers affected', type: 'float', required: true },
  { id: 'customfield_10045', name: 'Since', type: 'datepicker', required: true },
  { id: 'customfield_10046', name: 'On call', type: 'userpicker', required: true },
  { ...severity, id: 'customfield_10047', name: 'Urgency', hasDefaultValue: true },
  { id: 'customfield_10048', name: 'Post-mortem', type: 'url', required: false },
];

/** A field of a kind that Maro's form does not ask for. */
const changeFields: CustomField[] = [
  { id: 'customfield_10020', name: 'Sprint', type: 'gh-sprint', required: true },
  { id: 'customfield_10040', name: 'Error code', type: 'textfield', required: true },
];

/** The kinds of field that fewer projects require. */
const maintenanceFields: CustomField[] = [
  { id: 'customfield_10050', name: 'Change ticket', type: 'ticket-number', required: true },
  { id: 'customfield_10051', name: 'Affected systems', type: 'labels', required: true },
  { id: 'customfield_10052', name: 'Starts', type: 'datetime', required: true },
  { id: 'customfield_10053', name: 'Crew', type: 'multiuserpicker', required: true },
  {
    id: 'customfield_10054',
    name: 'Data center and rack',
    type: 'cascadingselect',
    required: true,
    options: [
      {
        id: '10320',
        value: 'Frankfurt',
        children: [
          { id: '10321', value: 'Rack 1' },
          { id: '10322', value: 'Rack 2' },
        ],
      },
      { id: '10323', value: 'Oslo' },
    ],
  },
];

/** A field of an app, as only apps name theirs. Nobody has to fill it in. */
const oddField = {
  required: false,
  schema: { type: 'any', custom: 'com.acme.change:approval', customId: 10_060 },
  name: 'Approval',
  key: 'com.acme.change__approval-state',
  hasDefaultValue: false,
  operations: ['set'],
  fieldId: 'com.acme.change__approval-state',
};

/** A project that wants to know more than a summary. */
export const operations: Project = {
  id: '10002',
  key: 'OPS',
  name: 'Operations',
  statuses: [
    { id: '10400', name: 'Open', category: 'new' },
    { id: '10401', name: 'Being worked on', category: 'indeterminate' },
    { id: '10402', name: 'Resolved', category: 'done' },
  ],
  components: [
    { id: '10600', name: 'Network' },
    { id: '10601', name: 'Storage' },
  ],
  versions: [
    { id: '10610', name: '2026.12' },
    { id: '10611', name: '2027.1' },
  ],
  transitions: [
    { id: '11', name: 'Reopen', to: 'Open' },
    { id: '21', name: 'Work on it', to: 'Being worked on', from: ['Open'] },
    { id: '31', name: 'Resolve', to: 'Resolved', types: ['Programme', 'Task', 'Change', 'Maintenance', 'Sub-task'] },
    {
      id: '32',
      name: 'Resolve incident',
      to: 'Resolved',
      types: ['Incident'],
      screen: { resolution: 'required', customfield_10044: 'required', customfield_10042: 'optional' },
    },
  ],
  types: [
    {
      id: '10020',
      name: 'Programme',
      hierarchyLevel: 1,
      fields: [{ id: 'customfield_10011', name: 'Epic Name', type: 'gh-epic-label', required: true }],
    },
    { id: '10021', name: 'Incident', hierarchyLevel: 0, fields: incidentFields },
    { id: '10022', name: 'Task', hierarchyLevel: 0, oddFields: [oddField] },
    { id: '10023', name: 'Change', hierarchyLevel: 0, fields: changeFields },
    {
      id: '10025',
      name: 'Maintenance',
      hierarchyLevel: 0,
      fields: maintenanceFields,
      requires: ['priority', 'labels', 'components', 'fixVersions'],
    },
    { id: '10024', name: 'Sub-task', hierarchyLevel: -1 },
  ],
};

/** A project that Maro's login may not see, nor anything in it. */
export const personnel: Project = {
  id: '10003',
  key: 'HR',
  name: 'Personnel',
  forbidden: true,
  statuses: [{ id: '10500', name: 'Open', category: 'new' }],
  types: [{ id: '10030', name: 'Task', hierarchyLevel: 0 }],
};

export const operationsIssues: SeedIssue[] = [
  ['OPS-1', 'Programme', 'Being worked on', 'High', 'tobias', 'Two data centres instead of one'],
  ['OPS-2', 'Incident', 'Resolved', 'Highest', 'aisha', 'Orders were not confirmed for an hour'],
  ['OPS-3', 'Task', 'Open', null, null, 'Name whoever is on call in December'],
  ['OPS-4', 'Sub-task', 'Open', 'Medium', 'aisha', 'Write to the customers'],
  ['HR-1', 'Task', 'Open', 'High', 'mara', 'Notice of termination'],
];
