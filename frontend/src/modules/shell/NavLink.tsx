import { Link } from '@tanstack/react-router';
import { Icon } from '../../components/Icon';
import type { NavItem } from './navigation';

/** A place in the menu; the one that is open says so by `aria-current`. */
export function NavLink({ item, plain }: { item: NavItem; plain?: boolean }) {
  return (
    <Link
      to={item.to}
      activeOptions={{ exact: item.to === '/' }}
      activeProps={{ 'aria-current': 'page' }}
      title={plain ? undefined : item.label}
    >
      <Icon name={item.icon} />
      {plain ? item.label : <span className="lbl">{item.label}</span>}
    </Link>
  );
}
