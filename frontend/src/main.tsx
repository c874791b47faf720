import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { finishSignOut } from './api/auth';
import { registerShell } from './register_shell';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);

registerShell();
// a sign-out made without a network: the cookie can only be ended by the server
void finishSignOut();
window.addEventListener('online', () => void finishSignOut());
