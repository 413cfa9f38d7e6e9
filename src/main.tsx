import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startSession } from './session/start.ts';
import { App } from './ui/app.tsx';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/kinds.css';
import './ui/styles/controls.css';
import './ui/styles/frame.css';
import './ui/styles/foot.css';
import './ui/styles/text.css';
import './ui/styles/windowed.css';
import './ui/styles/stack.css';
import './ui/styles/code.css';
import './ui/styles/timeline.css';
import './ui/styles/dialogs.css';
import './ui/styles/narrow.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root"');

startSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
