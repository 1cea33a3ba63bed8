import type { AdfDocument } from '../../jira/adf.ts';
import { descriptionOf } from '../../jira/description.ts';
import { type Field, type FieldValue, wireValue } from '../../jira/field.ts';
import { parseRichText, type RichTextBlock } from '../../messages/rich-text.ts';
import { fieldBlock, parseFieldBlock, typeBlock } from './control.ts';
import { type ElementState, stateOf, type Values } from './values.ts';

/** The key of the chosen project, and the id of the chosen type. */
export type Chosen = { project: string | undefined; type: string | undefined };

/** The project chosen in a form, and the type if the form shows a type of that project. */
export function chosenIn(values: Values): Chosen {
  const project = stateOf(values, 'project').selected_option?.value;
  if (project === undefined) return { project, type: undefined };
  return { project, type: stateOf(values, typeBlock(project)).selected_option?.value };
}

/** Whether the form showed every field that this project and type need, and no field of another project or type. */
export function asksFor(values: Values, project: string, type: string, fields: readonly Field[]): boolean {
  const asked = Object.keys(values).flatMap((block) => parseFieldBlock(block) ?? []);
  return (
    asked.every((field) => field.project === project && field.type === type) &&
    fields.every(({ kind, id }) => kind === 'other' || asked.some(({ field }) => field === id))
  );
}

/** The values of a form, parsed. `fields` has them by field id, in Jira's wire format. */
export type Given = {
  summary: string;
  description: RichTextBlock | undefined;
  withThread: boolean;
  channel: string | undefined;
  fields: Readonly<Record<string, unknown>>;
};

/** Parses the values of a form. `fields` are those of the project and the type. */
export function parseGiven(values: Values, project: string, type: string, fields: readonly Field[]): Given {
  const pairs = fields.flatMap((field) => {
    const value = readField(field, stateOf(values, fieldBlock(project, type, field.id)));
    return value === undefined ? [] : [[field.id, wireValue(value)] as const];
  });
  return {
    summary: stateOf(values, 'summary').value ?? '',
    description: parseRichText(stateOf(values, 'description').rich_text_value),
    withThread: (stateOf(values, 'thread').selected_options ?? []).length > 0,
    channel: stateOf(values, 'channel').selected_conversation ?? undefined,
    fields: Object.fromEntries(pairs),
  };
}

function readField({ kind }: Field, state: ElementState): FieldValue | undefined {
  const { value, selected_option, selected_options = [], selected_date } = state;
  switch (kind) {
    case 'text':
      return value ? { kind, value } : undefined;
    case 'paragraph': {
      const document: AdfDocument | undefined = descriptionOf(value ?? '', undefined);
      return document && { kind, value: document };
    }
    case 'number':
      return value ? { kind, value: Number(value) } : undefined;
    case 'date':
      return selected_date ? { kind, value: selected_date } : undefined;
    case 'person':
    case 'single_select':
      return selected_option?.value ? { kind, value: selected_option.value } : undefined;
    case 'multi_select':
      return { kind, value: selected_options.flatMap((option) => option.value ?? []) };
    default:
      return undefined;
  }
}
