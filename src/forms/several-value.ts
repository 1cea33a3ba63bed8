import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { defined } from '../defined.ts';
import type { Issue } from '../issue.ts';
import { reasonOf } from '../issues/act.ts';
import { stepsOf } from '../issues/moves.ts';
import { fitsOption, optionOf, optionsMatching, optionsOf } from '../messages/options.ts';
import { words } from '../messages/views.ts';
import type { Services } from '../services.ts';
import { assigneeIn, assigneeInput } from './acts.ts';
import { stateOf, type Values } from './create/values.ts';

/** What people can do with several issues. */
export type Act = 'move' | 'assign' | 'unassign' | 'priority' | 'untrack';

const VALUE = 'value';
const BY_ITSELF =
  'A status that asks for more fields isn’t listed. To use one, choose Move to… in each issue’s own menu.';

/** The blocks of the input for the new value, or whole sentences that say why there is no input. */
export async function inputFor(
  act: Act,
  keys: readonly string[],
  values: Values,
  services: Services,
): Promise<KnownBlock[] | string> {
  const held = stateOf(values, VALUE).selected_option?.value;
  switch (act) {
    case 'unassign':
    case 'untrack':
      return [];
    case 'assign': {
      const input = assigneeInput(firstOf(keys), 'Assign to', values);
      return input === undefined ? [] : [input];
    }
    case 'priority': {
      const offered = await services.jira.priorities(firstOf(keys));
      if (offered.state !== 'known') return `Nothing was changed. ${reasonOf(offered)}`;
      const options = optionsMatching(
        offered.value.map(({ name }) => ({ id: name, name })),
        '',
      );
      return options.length === 0 ? 'Maro can’t set the priority of these issues.' : [menu('Priority', options, held)];
    }
    case 'move': {
      const offered = await statusesFor(keys, services);
      if ('because' in offered) return `Nothing was moved. ${offered.because}`;
      const { options, hasOthers } = offered;
      if (options.length === 0)
        return `Jira offers no status that these issues can move to here.${hasOthers ? ` ${BY_ITSELF}` : ''}`;
      return [menu('Status', options, held), ...(hasOthers ? [words(BY_ITSELF)] : [])];
    }
  }
}

/**
 * The statuses that the issues can move to now, and for how many issues, largest number first. An issue that already has the
 * status counts.
 */
async function statusesFor(
  keys: readonly string[],
  services: Services,
): Promise<{ options: PlainTextOption[]; hasOthers: boolean } | { because: string }> {
  const readings = [...(await services.jira.read(keys)).values()];
  const issues = readings.flatMap((reading) => (reading.state === 'shown' ? reading.issue : []));
  const [unread] = readings.flatMap((reading) => (reading.state === 'shown' ? [] : reasonOf(reading)));
  if (issues.length === 0) return { because: unread ?? '' };
  const offered = await stepsOf(issues, services);
  if ('because' in offered) return offered;
  const namesOf = ({ key }: Issue) => new Set(offered.get(key)?.steps.map(({ to }) => to.name));
  const names = new Set(issues.flatMap((issue) => [...namesOf(issue)].filter((name) => name !== issue.status)));
  const all = [...names]
    .filter(fitsOption)
    .map((name) => ({
      name,
      count: issues.filter((issue) => issue.status === name || namesOf(issue).has(name)).length,
    }))
    .sort((a, b) => b.count - a.count);
  return {
    options: optionsOf(
      all.map(({ name, count }) =>
        optionOf(name, count === keys.length ? name : `${name} (${count} of ${keys.length})`),
      ),
    ),
    hasOthers: [...offered.values()].some(({ hasOthers }) => hasOthers),
  };
}

function menu(label: string, options: PlainTextOption[], held: string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: VALUE,
    label: { type: 'plain_text', text: label },
    element: {
      type: 'static_select',
      action_id: VALUE,
      options,
      ...defined({ initial_option: options.find(({ value }) => value === held) }),
    },
  };
}

/** The function's inputs, or complaints by block_id. */
export function changeIn(
  act: Act,
  keys: readonly string[],
  values: Values,
  user: string,
): { inputs: Readonly<Record<string, unknown>> } | { errors: Record<string, string> } {
  const value = stateOf(values, VALUE).selected_option?.value ?? '';
  switch (act) {
    case 'move':
    case 'priority':
      return { inputs: { act, value } };
    case 'unassign':
      return { inputs: { act: 'assign', value: 'nobody' } };
    case 'untrack':
      return { inputs: {} };
    case 'assign': {
      const given = assigneeIn(firstOf(keys), values, user);
      if ('complaint' in given) return { errors: given.complaint };
      return { inputs: { act, ...('assignee' in given ? { value: given.assignee } : given) } };
    }
  }
}

function firstOf(keys: readonly string[]): string {
  return keys[0] ?? '';
}
