import type { CustomField } from './field.ts';
import { operations, operationsIssues, personnel } from './operations.ts';

/** `undefined` is Jira's own key for "No Category"; old statuses still carry it. */
export type Category = 'undefined' | 'new' | 'indeterminate' | 'done';
export type Status = { id: string; name: string; category: Category };
/** Fields of every type that one type may require. */
export type SystemField = 'priority' | 'labels' | 'assignee' | 'components' | 'fixVersions';
/**
 * `fields` are those beyond the ones of every type, and `requires` those of every type that this one requires.
 * `oddFields` are what createmeta answers besides. `withoutDescription`: the screen for a new issue has none.
 */
export type IssueType = {
  id: string;
  name: string;
  hierarchyLevel: 1 | 0 | -1;
  fields?: CustomField[];
  requires?: SystemField[];
  oddFields?: object[];
  withoutDescription?: true;
  /** Maro's account may not say who the reporter is, so the screen has no such field. */
  withoutReporter?: true;
};
/**
 * `emailAddress` is found by the search for users, and shown by it unless the person hides it. `noReporter`: Jira takes the person
 * as the reporter of no issue, since they may see none. `notAssignable`: Jira assigns the person no issue.
 */
export type Person = {
  accountId: string;
  displayName: string;
  emailAddress?: string;
  hidesEmail?: true;
  noReporter?: true;
  notAssignable?: true;
};
/** Highest first; Jira's ids count from 1. */
export const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'] as const;
export type Priority = (typeof priorities)[number];
/** Jira's ids count from 10000. */
export const resolutions = ['Done', "Won't Do", 'Duplicate', 'Cannot Reproduce'] as const;
export type Resolution = (typeof resolutions)[number];
/**
 * A transition of a workflow. Without `from` it leads from every status, its own included (a global transition), and without
 * `types` it is one of every type. `screen` has the fields that it asks for, and whether it requires them. `wantsComment` is the
 * sentence with which a validator refuses the transition without a comment; the transition's fields do not tell of it.
 */
export type Transition = {
  id: string;
  name: string;
  to: string;
  from?: readonly string[];
  types?: readonly string[];
  screen?: Readonly<Record<string, 'required' | 'optional'>>;
  wantsComment?: string;
};
/**
 * Of a forbidden project Maro's login sees nothing. Without `transitions`, a transition leads to each status from everywhere,
 * and has its name.
 */
export type Project = {
  id: string;
  key: string;
  name: string;
  statuses: Status[];
  types: IssueType[];
  transitions?: readonly Transition[];
  components?: { id: string; name: string }[];
  versions?: { id: string; name: string }[];
  forbidden?: true;
};

/** Key, type, status, priority, handle of the assignee, summary. */
export type SeedIssue = [
  key: string,
  type: string,
  status: string,
  priority: Priority | null,
  assignee: string | null,
  summary: string,
];

/** A sprint, as the field of an issue shows it. */
export type Sprint = { id: number; name: string; state: 'active' | 'closed' | 'future' };
/** A saved filter that is shared with Maro's account. */
export type SavedFilter = { id: string; name: string; jql: string };

/** What a site holds at the start. Issues get ascending ids in the order given. */
export type Seed = {
  projects: Project[];
  /** By handle, which is how issues name their assignee. */
  people: Record<string, Person>;
  issues: SeedIssue[];
  /** Child key to parent key. */
  parents: Record<string, string>;
  /** Former key to the key the issue has now. The former project need not exist any more. */
  moved: Record<string, string>;
  /** Keys of issues that exist and that Maro's login may not see. */
  forbidden: string[];
  sprints?: Sprint[];
  /** Names of sprints, by the keys of issues. */
  planned?: Record<string, string>;
  filters?: SavedFilter[];
};

/** The custom field "Flagged", and the only value that Jira gives it. */
export const flagField = 'customfield_10021';
export const impediment = { id: '10019', value: 'Impediment' };

const people = {
  mara: { accountId: '5b10a2844c20165700ede211', displayName: 'Mara Lindqvist' },
  tobias: { accountId: '5b10a2844c20165700ede212', displayName: 'Tobias Krämer' },
  aisha: { accountId: '712020:8f2e1c44-1d0b-4f4e-9a53-5a1f0c6b7d21', displayName: 'Aisha Rahman' },
  joao: { accountId: '712020:8f2e1c44-1d0b-4f4e-9a53-5a1f0c6b7d22', displayName: 'João Pereira' },
  yuki: { accountId: '5b10a2844c20165700ede213', displayName: 'Yuki Tanaka' },
} satisfies Record<string, Person>;

/** Maro's own account, whose login the stand-in takes. */
export const maro: Person = { accountId: '712020:0f6b9a35-7c1e-4a0d-b3a2-6f0d5c1e9b77', displayName: 'Maro' };

const platform: Project = {
  id: '10000',
  key: 'PLAT',
  name: 'Platform',
  statuses: [
    { id: '10100', name: 'To Do', category: 'new' },
    { id: '10101', name: 'Ready', category: 'new' },
    { id: '10102', name: 'In Progress', category: 'indeterminate' },
    { id: '10103', name: 'In Review', category: 'indeterminate' },
    { id: '10104', name: 'Blocked', category: 'indeterminate' },
    { id: '10105', name: 'Done', category: 'done' },
    { id: '10106', name: "Won't Do", category: 'done' },
    { id: '10107', name: 'Parked', category: 'undefined' },
  ],
  types: [
    { id: '10000', name: 'Epic', hierarchyLevel: 1 },
    { id: '10001', name: 'Story', hierarchyLevel: 0 },
    { id: '10002', name: 'Task', hierarchyLevel: 0 },
    { id: '10003', name: 'Bug', hierarchyLevel: 0 },
    { id: '10004', name: 'Sub-task', hierarchyLevel: -1 },
  ],
  transitions: [
    { id: '11', name: 'Reopen', to: 'To Do' },
    { id: '12', name: 'Make ready', to: 'Ready', from: ['To Do', 'Parked'] },
    { id: '21', name: 'Start', to: 'In Progress' },
    { id: '31', name: 'Ask for review', to: 'In Review', from: ['In Progress', 'Blocked'] },
    { id: '41', name: 'Block', to: 'Blocked', screen: {}, wantsComment: 'Say in a comment what blocks this.' },
    { id: '51', name: 'Finish', to: 'Done', from: ['In Progress', 'In Review'] },
    { id: '61', name: 'Reject', to: "Won't Do", screen: { resolution: 'required' } },
    { id: '71', name: 'Park', to: 'Parked', screen: { duedate: 'required', assignee: 'optional' } },
  ],
};

const webshop: Project = {
  id: '10001',
  key: 'SHOP',
  name: 'Webshop',
  statuses: [
    { id: '10200', name: 'Zu erledigen', category: 'new' },
    { id: '10201', name: 'Eingeplant', category: 'new' },
    { id: '10202', name: 'In Arbeit', category: 'indeterminate' },
    { id: '10203', name: 'In Prüfung', category: 'indeterminate' },
    { id: '10204', name: 'Warten auf Kunde', category: 'indeterminate' },
    { id: '10205', name: 'Erledigt', category: 'done' },
    { id: '10206', name: 'Verworfen', category: 'done' },
  ],
  types: [
    { id: '10010', name: 'Epic', hierarchyLevel: 1 },
    { id: '10011', name: 'Story', hierarchyLevel: 0 },
    { id: '10012', name: 'Aufgabe', hierarchyLevel: 0 },
    { id: '10013', name: 'Fehler', hierarchyLevel: 0 },
    { id: '10014', name: 'Unteraufgabe', hierarchyLevel: -1 },
  ],
  transitions: [
    { id: '11', name: 'Zu erledigen', to: 'Zu erledigen' },
    { id: '21', name: 'Einplanen', to: 'Eingeplant' },
    { id: '31', name: 'Anfangen', to: 'In Arbeit' },
    { id: '41', name: 'Prüfen', to: 'In Prüfung', from: ['In Arbeit'] },
    { id: '51', name: 'Rückfrage', to: 'Warten auf Kunde' },
    { id: '61', name: 'Erledigen', to: 'Erledigt' },
    { id: '71', name: 'Verwerfen', to: 'Verworfen', screen: { resolution: 'required' } },
  ],
};

const longSummary =
  'Write down, once and for all, what happens to a booking when its room is renamed, split in two or closed for repair ';

const issues: SeedIssue[] = [
  ['PLAT-12', 'Task', 'In Progress', 'Medium', 'aisha', 'Bring the old export jobs over to the new scheduler'],
  ['PLAT-1', 'Epic', 'In Progress', 'High', 'mara', 'One sign-in for every product'],
  ['PLAT-2', 'Story', 'Done', 'High', 'mara', 'Sign in with the company account'],
  ['PLAT-3', 'Story', 'In Review', 'High', 'tobias', 'Stay signed in on a phone for thirty days'],
  ['PLAT-4', 'Story', 'To Do', 'Medium', null, 'Say who signed in from where, and when'],
  ['PLAT-5', 'Bug', 'In Progress', 'Highest', 'aisha', 'Sign-in loops when the clock is five minutes off'],
  ['PLAT-6', 'Sub-task', 'Done', 'Medium', 'aisha', 'Reproduce the loop with a skewed clock'],
  ['PLAT-7', 'Sub-task', 'In Progress', 'Medium', 'aisha', 'Allow two minutes of skew'],
  ['SHOP-17', 'Fehler', 'In Arbeit', 'High', 'joao', 'Gutschein wird doppelt abgezogen'],
  ['PLAT-8', 'Epic', 'To Do', 'Medium', 'yuki', 'Search that answers while you type'],
  ['PLAT-9', 'Story', 'Ready', 'Medium', 'yuki', 'Find customers by any part of their name'],
  ['PLAT-10', 'Story', 'To Do', 'Low', null, 'Remember the last ten searches'],
  ['PLAT-11', 'Task', 'Blocked', 'High', 'joao', 'Rebuild the search index without downtime'],
  ['PLAT-13', 'Bug', 'Done', 'Medium', 'tobias', 'Invoices of 29 February are dated 1 March'],
  ['PLAT-14', 'Task', 'Done', 'Low', 'mara', 'Delete the feature flags of last year'],
  ['PLAT-15', 'Task', 'To Do', 'Medium', 'joao', 'Renew the certificates before January'],
  ['PLAT-16', 'Bug', 'To Do', 'Low', null, 'The export button is hidden behind the cookie banner'],
  ['PLAT-17', 'Bug', "Won't Do", 'Lowest', null, 'Dark mode is too dark'],
  ['PLAT-18', 'Story', 'In Review', 'Medium', 'yuki', 'Show opening hours in the visitor’s time zone'],
  ['PLAT-19', 'Task', 'Ready', 'High', 'mara', 'Practise restoring the database from last night'],
  ['PLAT-20', 'Task', 'In Progress', 'Medium', 'tobias', 'Halve the time the tests take'],
  ['PLAT-21', 'Bug', 'Blocked', 'High', 'joao', 'Mails to one provider arrive an hour late'],
  ['PLAT-22', 'Story', 'Done', 'Medium', 'aisha', 'Let people download their own data'],
  ['PLAT-23', 'Task', 'To Do', null, null, 'Thank the people who reported bugs this year'],
  ['PLAT-24', 'Story', 'Done', 'High', 'mara', 'Warn before a contract renews itself'],
  ['SHOP-1', 'Epic', 'In Arbeit', 'High', 'tobias', 'Bezahlen in zwei Schritten'],
  ['SHOP-2', 'Story', 'Erledigt', 'High', 'tobias', 'Adresse aus der letzten Bestellung übernehmen'],
  ['SHOP-3', 'Story', 'In Arbeit', 'High', 'joao', 'Lieferdatum vor dem Bezahlen zeigen'],
  ['SHOP-4', 'Story', 'Zu erledigen', 'Medium', null, 'Warenkorb über Geräte hinweg behalten'],
  ['SHOP-5', 'Fehler', 'In Prüfung', 'Highest', 'aisha', 'Umlaute fehlen auf dem Lieferschein'],
  ['SHOP-6', 'Unteraufgabe', 'Erledigt', 'Medium', 'aisha', 'Schrift mit Umlauten einbetten'],
  ['SHOP-7', 'Unteraufgabe', 'In Arbeit', 'Medium', 'aisha', 'Druckprobe im Lager machen'],
  ['SHOP-8', 'Aufgabe', 'Warten auf Kunde', 'Medium', 'mara', 'Texte für die Rückgabe freigeben lassen'],
  ['SHOP-9', 'Aufgabe', 'Eingeplant', 'Low', 'yuki', 'Bilder der Herbstware neu zuschneiden'],
  ['SHOP-10', 'Story', 'Erledigt', 'Medium', 'joao', 'Filter nach Größe und Farbe'],
  ['SHOP-11', 'Fehler', 'Zu erledigen', 'High', null, 'Preis springt beim Wechsel der Währung'],
  ['SHOP-12', 'Aufgabe', 'Verworfen', 'Lowest', null, 'Schneeflocken auf der Startseite'],
  ['SHOP-13', 'Story', 'Eingeplant', 'Medium', 'yuki', 'Merkzettel mit anderen teilen'],
  ['SHOP-14', 'Fehler', 'Warten auf Kunde', 'High', 'tobias', 'Rechnung zeigt die alte Anschrift'],
  ['SHOP-15', 'Aufgabe', 'Erledigt', null, 'mara', 'Impressum prüfen'],
  ['SHOP-16', 'Story', 'Zu erledigen', 'Medium', null, 'Bestellung ohne Konto wiederfinden'],
  ['PLAT-80', 'Bug', 'In Progress', 'Highest', 'mara', 'Card numbers appear in the debug log'],
  ['PLAT-81', 'Task', 'To Do', 'High', 'joao', 'Offer of the other company'],
  ['SHOP-80', 'Aufgabe', 'In Arbeit', 'High', 'tobias', 'Gehälter 2027'],
  ['PLAT-90', 'Bug', 'To Do', 'Medium', null, '<!channel> everybody look at <!here> and <@U012AB3CD>'],
  ['PLAT-91', 'Bug', 'To Do', 'Medium', null, '<https://evil.example|PLAT-1> is fixed & [done](https://evil.example)'],
  ['PLAT-92', 'Bug', 'In Progress', 'Medium', 'yuki', '`code` ```block``` *bold* _italic_ ~gone~ :tada: > quote'],
  [
    'PLAT-93',
    'Bug',
    'In Progress',
    'Medium',
    null,
    'Names \u202Egnp.exe\u202C and \u2067\u05E9\u05DC\u05D5\u05DD\u2069 turn around',
  ],
  ['PLAT-94', 'Bug', 'Done', 'Low', 'aisha', 'Family 👩‍👩‍👧‍👦 and flag 🏳️‍🌈 split in two, e\u0301 too'],
  ['PLAT-95', 'Task', 'To Do', 'Low', null, `${longSummary.repeat(3).slice(0, 254)}.`],
  ['PLAT-96', 'Bug', 'To Do', 'Low', null, '&lt;!channel&gt; &amp;amp; "quoted" \\ {"text":"x"} {{7*7}} %s'],
];

/**
 * The site of the sandbox and the tests: PLAT in English, SHOP with German names of statuses and types, OPS with types that
 * require more than a summary, and HR, which is invisible. So are PLAT-80, PLAT-81 and SHOP-80; PLAT-90 to PLAT-96 have
 * hostile summaries.
 */
export const seed: Seed = {
  projects: [platform, webshop, operations, personnel],
  people,
  issues: [...issues, ...operationsIssues],
  parents: {
    'PLAT-2': 'PLAT-1',
    'PLAT-3': 'PLAT-1',
    'PLAT-4': 'PLAT-1',
    'PLAT-6': 'PLAT-5',
    'PLAT-7': 'PLAT-5',
    'PLAT-9': 'PLAT-8',
    'PLAT-10': 'PLAT-8',
    'SHOP-2': 'SHOP-1',
    'SHOP-3': 'SHOP-1',
    'SHOP-6': 'SHOP-5',
    'SHOP-7': 'SHOP-5',
    'OPS-2': 'OPS-1',
    'OPS-4': 'OPS-2',
  },
  moved: { 'PLAT-34': 'SHOP-17', 'LEGACY-7': 'PLAT-12', 'LEGACY-9': 'SHOP-14' },
  forbidden: ['PLAT-80', 'PLAT-81', 'SHOP-80'],
  sprints: [
    { id: 31, name: 'Sprint 12', state: 'active' },
    { id: 32, name: 'Sprint 13', state: 'future' },
  ],
  planned: { 'PLAT-3': 'Sprint 12', 'PLAT-5': 'Sprint 12', 'PLAT-20': 'Sprint 12', 'SHOP-5': 'Sprint 12' },
  filters: [
    {
      id: '10400',
      name: 'Open bugs',
      jql: 'project = PLAT AND issuetype = Bug AND statusCategory != Done ORDER BY updated',
    },
  ],
};
