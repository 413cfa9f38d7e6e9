import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root"');

createRoot(root).render(
  <StrictMode>
    <main>
      <h1>Walkscope</h1>
      <p>A visualizer of Linux kernel page-table walks. The application is not built yet.</p>
    </main>
  </StrictMode>,
);
