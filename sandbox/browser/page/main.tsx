import './style/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { listen } from './store.ts';

listen();
const root = document.getElementById('page');
if (root) createRoot(root).render(<App />);
