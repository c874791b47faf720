import { roleNames } from '@raptscallions/zod-schemas/role_names';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Avatar } from '../../components/Avatar';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../components/Menu';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useAccount } from '../auth/account_context';
import { useMe } from '../auth/me_context';
import { SignOutDialog } from '../auth/SignOutDialog';
import {
  chooseTextSize,
  chooseTheme,
  readTextSize,
  readTheme,
  type TextSize,
  type Theme,
} from '../settings/look';

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
const sizes: { value: TextSize; label: string }[] = [
  { value: 'normal', label: 'Normal' },
  { value: 'large', label: 'Large' },
  { value: 'larger', label: 'Larger' },
];

/** Who is signed in, how things look on this device, and the way out. */
export function AccountMenu() {
  const me = useMe();
  const { leave } = useAccount();
  const { queued } = useSyncStatus();
  const navigate = useNavigate();
  const [theme, setTheme] = useState(readTheme);
  const [size, setSize] = useState(readTextSize);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Menu
        trigger={
          <button type="button" className="btn quiet small account" aria-label={`Account: ${me.name}`}>
            <Avatar name={me.name} me />
            <span className="name">{me.name}</span>
          </button>
        }
      >
        <div className="dropdown-who">
          <Avatar name={me.name} me />
          <div>
            <b>{me.name}</b>
            <p className="small soft">
              {roleNames[me.role]}
              {me.place ? `, ${me.place}` : ''}
            </p>
          </div>
        </div>
        <MenuLine />
        <MenuChoice
          label="Colours"
          value={theme}
          options={themes}
          onChange={(next) => {
            chooseTheme(next);
            setTheme(next);
          }}
        />
        <MenuChoice
          label="Text size"
          value={size}
          options={sizes}
          onChange={(next) => {
            chooseTextSize(next);
            setSize(next);
          }}
        />
        <MenuLine />
        <MenuItem icon="person" onSelect={() => void navigate({ to: '/account' })}>
          Your account
        </MenuItem>
        <MenuItem icon="device" onSelect={() => void navigate({ to: '/device' })}>
          This device
        </MenuItem>
        <MenuItem icon="help" onSelect={() => void navigate({ to: '/help' })}>
          Help and shortcuts
        </MenuItem>
        <MenuLine />
        <MenuItem icon="out" onSelect={() => (queued > 0 ? setAsking(true) : void leave('keep'))}>
          Sign out
        </MenuItem>
      </Menu>
      <SignOutDialog open={asking} onClose={() => setAsking(false)} />
    </>
  );
}
