import { useEffect, useState } from 'react';

const THEMES = ['system', 'light', 'dark'] as const;

/** Light or dark, or as the system has it. */
export function Theme() {
  const [theme, setTheme] = useState(localStorage.getItem('theme') ?? 'system');
  useEffect(() => {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <label className="theme">
      <span>Colors</span>
      <select value={theme} onChange={({ target }) => setTheme(target.value)}>
        {THEMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
