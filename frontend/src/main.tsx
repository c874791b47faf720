import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { finishSignOut } from './api/auth';
import { isStorageAllowed } from './modules/auth/is_storage_allowed';
import { NothingKept } from './modules/auth/NothingKept';
import { registerShell } from './register_shell';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
if (isStorageAllowed()) {
  createRoot(root).render(<App />);
  registerShell();
  // a sign-out made without a network: the cookie can only be ended by the server
  void finishSignOut();
  window.addEventListener('online', () => void finishSignOut());
} else {
  createRoot(root).render(<NothingKept />);
}
