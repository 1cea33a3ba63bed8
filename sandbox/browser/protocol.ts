import type { IssueChange } from '../jira/index.ts';
import type { Priority } from '../jira/seed.ts';
import { type WebhookTroubleKind, webhookTroubles } from '../jira/webhook-trouble.ts';
import type {
  Channel,
  FunctionDeclaration,
  Marks,
  Message,
  Parameters,
  User,
  View,
  WorkflowDeclaration,
} from '../slack/index.ts';

/** What the page is told, once and then with every change, over `GET /events`. The page holds no state of its own beside it. */
export type Told =
  | { type: 'workspace'; workspace: Workspace }
  | { type: 'messages'; messages: Message[] }
  | { type: 'views'; user: string; views: View[]; home: View | null }
  | { type: 'jira'; jira: Board }
  | { type: 'workflows'; workflows: Workflow[] }
  | { type: 'runs'; runs: Run[] }
  | { type: 'marks'; marks: Marks }
  | { type: 'traffic'; traffic: readonly Traffic[] }
  | { type: 'switches'; switches: Switches }
  | { type: 'refused'; refusal: Refused };

/** Who and what there is, and what manifest.json declares for people to use. */
export type Workspace = {
  users: (User & { team: string; zone: string })[];
  channels: (Channel & { people: string[] })[];
  /** Slack's own commands. */
  builtIns: Command[];
  app: {
    name: string;
    user: string;
    commands: Command[];
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
    functions: Record<string, FunctionDeclaration>;
    hasHome: boolean;
  };
};

export type Command = { command: string; description: string; usage_hint: string };

/** What was refused, and why. Where Slack would refuse it: Slack's name for the error, and the page that says so. */
export type Refused = { error?: string; why: string; document?: string };

/** Jira's projects and issues as they are, and what is wrong with it. */
export type Board = {
  /** The address that links to issues begin with. */
  site: string;
  projects: { key: string; name: string; types: string[]; statuses: { name: string; category: string }[] }[];
  people: { handle: string; name: string }[];
  priorities: Priority[];
  issues: BoardIssue[];
  trouble: JiraTrouble;
  /** Undefined while Jira sends no webhooks. */
  webhooks: WebhookSwitch | undefined;
};

export type BoardIssue = {
  id: string;
  key: string;
  project: string;
  summary: string;
  type: string;
  status: string;
  category: string;
  priority: string | null;
  assignee: string | null;
  /** As in 2026-12-24. */
  duedate: string | null;
  comments: { id: string; author: string | null; text: string }[];
  forbidden: boolean;
};

export const JIRA_TROUBLES = ['none', 'slow', 'rate_limited', 'server_error', 'garbage', 'down'] as const;
export type JiraTrouble = (typeof JIRA_TROUBLES)[number];

export const WEBHOOK_SWITCH = ['none', ...webhookTroubles] as const;
export type WebhookSwitch = 'none' | WebhookTroubleKind;

/** A workflow that can be run: a coded one, or one that a person built here. */
export type Workflow = WorkflowDeclaration & { id: string; title: string; coded: boolean };

/** A workflow that ran or is running. */
export type Run = {
  id: number;
  title: string;
  state: 'in_progress' | 'completed' | 'failed';
  steps: {
    id: string;
    callback_id: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
    error?: string | undefined;
    state: 'in_progress' | 'completed' | 'failed';
  }[];
};

/** One thing that went over a wire. `answer` is undefined while there is none. */
export type Traffic = {
  id: number;
  at: number;
  between: 'Slack → Maro' | 'Maro → Slack' | 'Maro → Jira' | 'Jira → Maro';
  name: string;
  sent: unknown;
  answer: unknown;
  bad: boolean;
};

/** What is switched on, how far the clock is ahead, and whether the database can be restarted from here. */
export type Switches = {
  /** Milliseconds. */
  readonly aheadMs: number;
  twice: boolean;
  revoked: boolean;
  limited: string[];
  database: 'up' | 'restarting' | 'not ours';
};

/** Where an element is that somebody uses. */
export type Target = { channel: string; ts: string } | { view: string };

type Place = { user: string; channel: string };

/** Who acts in Jira: the handle of a person, or null for nobody whom Jira names. */
type InJira = { by: string | null };

/** What a person does, each a `POST /acts/<name>` with these arguments as its JSON body. */
export type Acts = {
  post(act: Place & { text: string; thread_ts?: string }): void;
  openHome(act: { user: string }): void;
  /** A person has read a channel up to a message. */
  mark(act: Place & { ts: string }): void;
  command(act: Place & { line: string; thread_ts?: string }): void;
  shortcut(act: Place & { callback_id: string; ts?: string }): void;
  press(act: { user: string; target: Target; action_id: string; block: string; value?: unknown }): void;
  suggest(act: { user: string; target: Target; action_id: string; value: string }): SuggestedOption[];
  /** Answers what is wrong with which field, by block_id. */
  submit(act: { view: string; values: Record<string, unknown> }): Record<string, string>;
  close(act: { view: string; all: boolean }): void;
  pin(act: Place & { ts: string; on: boolean }): void;
  saveWorkflow(act: { id?: string | undefined; title: string; steps: WorkflowDeclaration['steps'] }): string;
  deleteWorkflow(act: { id: string }): void;
  askOptions(act: Place & { callback_id: string; parameter: string; inputs: object; query: string }): SuggestedOption[];
  runWorkflow(act: Place & { id: string; inputs: Record<string, unknown> }): void;
  createIssue(act: InJira & IssueChange & { project: string; summary: string }): void;
  editIssue(act: InJira & IssueChange & { id: string }): void;
  moveIssue(act: InJira & { id: string; project: string }): void;
  deleteIssue(act: InJira & { id: string }): void;
  commentIssue(act: InJira & { id: string; text: string }): void;
  editComment(act: InJira & { id: string; comment: string; text: string }): void;
  deleteComment(act: InJira & { id: string; comment: string }): void;
  forbidIssue(act: { id: string; on: boolean }): void;
  jiraTrouble(act: { trouble: JiraTrouble }): void;
  webhookTrouble(act: { trouble: WebhookSwitch }): void;
  twice(act: { on: boolean }): void;
  revoke(act: { on: boolean }): void;
  dropSocket(act: object): void;
  limit(act: { channel: string; on: boolean }): void;
  restartDatabase(act: object): void;
  moveClock(act: { ms: number }): void;
  /** Moves the clock to the next day's morning, where a person is. */
  sleepUntilMorning(act: { user: string }): void;
};

export type SuggestedOption = { text: { type: string; text: string }; value: string; description?: { text: string } };
export type { Parameters };
