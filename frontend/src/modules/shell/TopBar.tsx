import { Link } from '@tanstack/react-router';
import { Icon } from '../../components/Icon';
import { Mascot } from '../../components/Mascot';
import { useMe } from '../auth/me_context';
import { useGroupTheme } from '../groups/use_group_theme';
import { AccountMenu } from './AccountMenu';
import { SyncPill } from './SyncPill';

/** The bar over every page: home, place, search, whether all is saved, account. */
export function TopBar({ onFind }: { onFind: () => void }) {
  const { place } = useMe();
  const { logo } = useGroupTheme();
  return (
    <header className="top">
      <Link className="brand" to="/" aria-label="Raptscallions, home">
        <Mascot />
        <span>Raptscallions</span>
      </Link>
      {logo && <img alt="" className="school-logo" src={logo} />}
      {place && <span className="place">{place}</span>}
      <span className="grow" />
      <button className="btn quiet small hide-s" type="button" onClick={onFind}>
        <Icon name="search" />
        Find or do <kbd>Ctrl K</kbd>
      </button>
      <button className="btn quiet icon only-s" type="button" aria-label="Find or do" onClick={onFind}>
        <Icon name="search" />
      </button>
      <SyncPill />
      <AccountMenu />
    </header>
  );
}
