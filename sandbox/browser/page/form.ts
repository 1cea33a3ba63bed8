import { createContext } from 'react';
import type { Value } from './pick.ts';

/** What is filled into a view, by block_id, and what the app says is wrong with it. */
export const Form = createContext<{
  values: Readonly<Record<string, Value>>;
  errors: Readonly<Record<string, string>>;
  set(block: string, value: Value): void;
}>({ values: {}, errors: {}, set() {} });
