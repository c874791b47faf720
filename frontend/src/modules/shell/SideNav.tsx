import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { NavLink } from './NavLink';
import { footNavigation, mainNavigation } from './navigation';
import { WorkLinks } from './WorkLinks';

/** The menu at the side; a pupil's also lists the work, so that the next chat is one press away. */
export function SideNav({ role }: { role: GroupRole | null }) {
  return (
    <nav className="side" aria-label="Main">
      {mainNavigation(role).map((item) => (
        <NavLink key={item.to} item={item} />
      ))}
      {role === 'student' && <WorkLinks />}
      <span className="push" />
      {footNavigation.map((item) => (
        <NavLink key={item.to} item={item} />
      ))}
    </nav>
  );
}
