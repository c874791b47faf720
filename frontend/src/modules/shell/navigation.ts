import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type { IconName } from '../../components/Icon';

export type NavItem = {
  to:
    | '/'
    | '/classes'
    | '/tools'
    | '/chats'
    | '/results'
    | '/runs'
    | '/usage'
    | '/rosters'
    | '/modules'
    | '/sign-in-links'
    | '/sign-ins'
    | '/notifications'
    | '/people'
    | '/groups'
    | '/audit'
    | '/device'
    | '/help';
  label: string;
  icon: IconName;
};

const home: NavItem = { to: '/', label: 'Home', icon: 'home' };
const classes: NavItem = { to: '/classes', label: 'Classes', icon: 'users' };
const tools: NavItem = { to: '/tools', label: 'Tools', icon: 'tool' };
const chats: NavItem = { to: '/chats', label: 'Chats', icon: 'chat' };
const results: NavItem = { to: '/results', label: 'Results', icon: 'task' };
const people: NavItem = { to: '/people', label: 'People', icon: 'users' };
const groups: NavItem = { to: '/groups', label: 'Groups', icon: 'school' };
const audit: NavItem = { to: '/audit', label: 'Audit log', icon: 'history' };
const runs: NavItem = { to: '/runs', label: 'AI runs', icon: 'live' };
const usage: NavItem = { to: '/usage', label: 'Usage', icon: 'chart' };
const rosters: NavItem = { to: '/rosters', label: 'Rosters', icon: 'school' };
const modules: NavItem = { to: '/modules', label: 'Modules', icon: 'knot' };
const links: NavItem = { to: '/sign-in-links', label: 'Sign-in links', icon: 'key' };
const signIns: NavItem = { to: '/sign-ins', label: 'Sign-ins', icon: 'lock' };
const notifications: NavItem = { to: '/notifications', label: 'Notifications', icon: 'bell' };

/** Where a person with this role goes, in the order of the menu; null: nothing is loaded yet. */
export function mainNavigation(role: GroupRole | null): NavItem[] {
  if (role === null) return [home];
  if (role === 'student') return [home, classes];
  if (role === 'teacher') return [home, classes, tools, chats, results];
  return [
    home,
    classes,
    people,
    groups,
    tools,
    runs,
    rosters,
    usage,
    modules,
    audit,
    signIns,
    links,
    notifications,
  ];
}

/** At the foot of the menu, the same for everybody and on every page. */
export const footNavigation: NavItem[] = [
  { to: '/help', label: 'Help and shortcuts', icon: 'help' },
  { to: '/device', label: 'This device', icon: 'device' },
];

/** Five fit on a phone; whatever comes after stands in the search. */
export function tabNavigation(role: GroupRole | null): NavItem[] {
  return [...mainNavigation(role).slice(0, 4), { to: '/device', label: 'Device', icon: 'device' }];
}
