import type { AdfDocument } from '../../jira/adf.ts';
import { descriptionOf } from '../../jira/description.ts';
import type { Field, FieldValue } from '../../jira/field.ts';
import { labelsOf, parentOf } from '../../jira/field-text.ts';
import { parseRichText, type RichTextBlock } from '../../messages/rich-text.ts';
import { fieldBlock, NO_CHOICE, parseFieldBlock, typeBlock } from './control.ts';
import { type Asked, askedOf } from './thread.ts';
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

/** A field that a person filled in. */
export type TypedField = { field: Field; value: FieldValue };

/**
 * The values of a form, parsed. `complaints`
 * says what is wrong with values that could not be parsed, by field id.
 */
export type Given = {
  summary: string;
  description: RichTextBlock | undefined;
  thread: Asked;
  channel: string | undefined;
  fields: readonly TypedField[];
  complaints: Readonly<Record<string, string>>;
};

/** Parses the values of a form. `fields` are those of the project and the type. */
export function parseGiven(values: Values, project: string, type: string, fields: readonly Field[]): Given {
  const summary = stateOf(values, 'summary').value ?? '';
  const typed: TypedField[] = [];
  const complaints: Record<string, string> = {};
  for (const field of fields) {
    const value = readField(field, stateOf(values, fieldBlock(project, type, field.id)), summary);
    if (value === undefined) continue;
    if ('complaint' in value) complaints[field.id] = value.complaint;
    else typed.push({ field, value });
  }
  return {
    summary,
    description: parseRichText(stateOf(values, 'description').rich_text_value),
    thread: askedOf(values),
    channel: stateOf(values, 'channel').selected_conversation ?? undefined,
    fields: typed,
    complaints,
  };
}

/** The value of a field's control. `complaint`: why it has none. */
export function readField(
  { kind }: Pick<Field, 'kind'>,
  state: ElementState,
  summary: string,
): FieldValue | { complaint: string } | undefined {
  const { value, selected_option, selected_options = [], selected_date, selected_date_time } = state;
  switch (kind) {
    case 'epic_name':
      return { kind, value: value?.trim() || summary.trim() };
    case 'labels':
      return labelsOf(value ?? '');
    case 'parent':
      return value ? parentOf(value) : undefined;
    case 'datetime':
      return selected_date_time ? { kind, value: selected_date_time } : undefined;
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
      if (selected_option?.value === NO_CHOICE) return NOBODY;
      return selected_option?.value ? { kind, value: selected_option.value } : undefined;
    case 'single_select':
    case 'cascading_select':
      return selected_option?.value ? { kind, value: selected_option.value } : undefined;
    case 'people':
    case 'multi_select': {
      const chosen = selected_options.flatMap((option) => option.value ?? []);
      if (chosen.includes(NO_CHOICE)) return NOBODY;
      return chosen.length === 0 ? undefined : { kind, value: chosen };
    }
    default:
      return undefined;
  }
}

/** For a menu whose only option says that Maro could not search for people. */
const NOBODY = { complaint: 'No person was chosen. Search again in a moment, or create the issue in Jira.' };
