import { useEffect, useRef, useState } from 'react';
import type { SuggestedOption as Option } from '../../protocol.ts';
import { Select } from '../select.tsx';

/** Asks the app what an input offers; nothing when it refuses. */
export type Ask = (query: string) => Promise<readonly Option[]>;

type Props = { id: string; title: string; value: unknown; ask: Ask; change(value: unknown): void };

/** A menu whose options the app supplies. */
export function DynamicMenu({ id, title, value, ask, change }: Props) {
  const [picked, setPicked] = useState<Option | undefined>(undefined);
  const held = typeof value === 'string' && value !== '' ? value : undefined;
  const known = picked?.value === held ? picked : held && { text: { type: 'plain_text', text: held }, value: held };
  return (
    <Select
      id={id}
      label={title}
      placeholder="Choose …"
      options={[]}
      chosen={known ? [known] : []}
      isMany={false}
      find={ask}
      change={([option]) => {
        setPicked(option);
        change(option?.value);
      }}
    />
  );
}

/** The fields that the app asks for, a text each. They are asked for once, so other inputs need another of these. */
export function DynamicFields({ title, value, ask, change }: Props) {
  const [fields, setFields] = useState<readonly Option[]>([]);
  const first = useRef(ask);
  useEffect(() => {
    void first.current('').then(setFields);
  }, []);
  const texts = (value ?? {}) as Record<string, string>;
  if (fields.length === 0) return <p className="note">No other fields are required.</p>;
  return (
    <fieldset aria-label={title}>
      {fields.map(({ value: field, text, description }) => (
        <label className="field" key={field}>
          {text.text}
          <input
            type="text"
            placeholder={description?.text}
            value={texts[field] ?? ''}
            onChange={({ target }) => change({ ...texts, [field]: target.value })}
          />
        </label>
      ))}
    </fieldset>
  );
}
