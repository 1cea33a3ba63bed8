import type { Element } from '../../slack/blocks.ts';
import type { SuggestedOption as Option, Target } from '../protocol.ts';
import { act } from './act.ts';
import type { Text } from './blocks.tsx';
import { isMany, type Value } from './pick.ts';
import { RichTextInput } from './rich-text-input.tsx';
import { Select } from './select.tsx';
import { get, useStore } from './store.ts';

type Props = {
  element: Element;
  target: Target;
  value: Value;
  change(value: Value): void;
  label: string;
  id?: string;
  describedBy?: string | undefined;
  isInvalid?: boolean;
};

const INPUTS: Record<string, string> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** Whatever holds a value: text, numbers, dates, choices. */
export function Control({ element, target, value, change, label, id, describedBy, isInvalid }: Props) {
  const workspace = useStore((state) => state.workspace);
  const { type } = element;
  const named = { id, 'aria-label': label, 'aria-describedby': describedBy, 'aria-invalid': isInvalid || undefined };
  const placeholder = (element.placeholder as Text | undefined)?.text;
  if (type === 'plain_text_input') {
    const shared = {
      ...named,
      placeholder,
      value: String(value ?? ''),
      maxLength: element.max_length as number | undefined,
    };
    return element.multiline ? (
      <textarea rows={6} {...shared} onChange={({ target }) => change(target.value)} />
    ) : (
      <input type="text" {...shared} onChange={({ target }) => change(target.value)} />
    );
  }
  if (type === 'rich_text_input') {
    return <RichTextInput value={value} change={(rich) => change(rich as unknown as Value)} named={named} />;
  }
  if (INPUTS[type]) {
    const isMoment = type === 'datetimepicker';
    return (
      <input
        type={INPUTS[type]}
        {...named}
        placeholder={placeholder}
        value={isMoment ? localOf(String(value ?? '')) : String(value ?? '')}
        onChange={({ target }) => change(isMoment ? String(Date.parse(target.value) / 1000) : target.value)}
      />
    );
  }
  if (type === 'checkboxes' || type === 'radio_buttons') {
    return <Choices element={element} value={value} change={change} label={label} />;
  }
  const ids = {
    users: () => workspace?.users.map(({ id, name }) => optionOf(name, id)),
    channels: () =>
      workspace?.channels.filter((c) => c.type === 'public').map(({ id, name }) => optionOf(`#${name}`, id)),
    conversations: () => workspace?.channels.map(({ id, name }) => optionOf(`#${name}`, id)),
  }[/(users|channels|conversations)_select$/.exec(type)?.[1] ?? ''];
  const options = ids?.() ?? optionsOf(element);
  const isExternal = type.endsWith('external_select');
  const find = async (query: string) => {
    const answer = await act('suggest', { user: get().me, target, action_id: element.action_id ?? '', value: query });
    return answer?.result ?? [];
  };
  const chosen = [value]
    .flat()
    .flatMap((each) => (typeof each === 'string' ? options.filter((o) => o.value === each) : (each ?? [])));
  return (
    <Select
      label={label}
      id={id}
      describedBy={describedBy}
      isInvalid={isInvalid}
      placeholder={placeholder ?? 'Choose'}
      options={options}
      chosen={chosen}
      isMany={isMany(element)}
      find={isExternal ? find : undefined}
      change={(picked) => {
        const values = ids ? picked.map((option) => option.value) : picked;
        change(isMany(element) ? values : (values[0] ?? null));
      }}
    />
  );
}

function Choices({ element, value, change, label }: Pick<Props, 'element' | 'value' | 'change' | 'label'>) {
  const isCheck = element.type === 'checkboxes';
  const held = [value].flat().flatMap((each) => (each === null || typeof each === 'string' ? [] : [each.value]));
  const options = optionsOf(element);
  return (
    <fieldset className="choices" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type={isCheck ? 'checkbox' : 'radio'}
            name={element.action_id}
            checked={held.includes(option.value)}
            onChange={({ target }) => {
              if (!isCheck) change(option);
              else change(options.filter((each) => (each === option ? target.checked : held.includes(each.value))));
            }}
          />
          {option.text.text}
        </label>
      ))}
    </fieldset>
  );
}

function optionsOf(element: Element): Option[] {
  const groups = (element.option_groups ?? []) as { options: Option[] }[];
  return [...((element.options ?? []) as Option[]), ...groups.flatMap((group) => group.options)];
}

function optionOf(text: string, value: string): Option {
  return { text: { type: 'plain_text', text }, value };
}

/** Seconds since 1970 as the browser's control has a moment: `2026-11-26T14:05`, in the reader's own time. */
function localOf(seconds: string): string {
  if (seconds === '') return '';
  const at = new Date(Number(seconds) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
