import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startSession } from './session/start.ts';
import { App } from './ui/app.tsx';
import './ui/styles/tokens.css';
import './ui/styles/app.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root"');

startSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
