import { assignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import { chatSessionId, runId } from '@raptscallions/zod-schemas/chat.zod';
import { classId } from '@raptscallions/zod-schemas/class.zod';
import { rosterRunId, rosterSourceId } from '@raptscallions/zod-schemas/roster.zod';
import { toolId, toolVersionId } from '@raptscallions/zod-schemas/tool.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { lazy } from 'react';
import { z } from 'zod';
import { currentAccount } from './api/auth';
import { SkeletonPage } from './components/Skeleton';
import { SignedInPage } from './modules/auth/SignedInPage';
import { SignInPage } from './modules/auth/SignInPage';
import { NotFoundPage } from './modules/shell/NotFoundPage';
import { PageFailed } from './modules/shell/PageFailed';
import { Shell } from './modules/shell/Shell';

// An id of the address is checked here: text that is no id of its kind leads to "not found".
// Each page is a chunk of its own; the service worker has all of them, so a page opens offline unvisited.
const ChatPage = lazy(async () => ({ default: (await import('./modules/chat/ChatPage')).ChatPage }));
const TranscriptPage = lazy(async () => ({
  default: (await import('./modules/chat/TranscriptPage')).TranscriptPage,
}));
const SessionsPage = lazy(async () => ({
  default: (await import('./modules/chat/SessionsPage')).SessionsPage,
}));
const ClassPage = lazy(async () => ({ default: (await import('./modules/classes/ClassPage')).ClassPage }));
const FormPage = lazy(async () => ({ default: (await import('./modules/products/FormPage')).FormPage }));
const ResultPage = lazy(async () => ({
  default: (await import('./modules/products/ResultPage')).ResultPage,
}));
const ResultsPage = lazy(async () => ({
  default: (await import('./modules/products/ResultsPage')).ResultsPage,
}));
const RosterSourcePage = lazy(async () => ({
  default: (await import('./modules/rosters/RosterSourcePage')).RosterSourcePage,
}));
const RosterRunPage = lazy(async () => ({
  default: (await import('./modules/rosters/RosterRunPage')).RosterRunPage,
}));
const ReplayPage = lazy(async () => ({
  default: (await import('./modules/replay/ReplayPage')).ReplayPage,
}));
const SignInsPage = lazy(async () => ({
  default: (await import('./modules/auth/SignInsPage')).SignInsPage,
}));
const ToolPage = lazy(async () => ({ default: (await import('./modules/tools/ToolPage')).ToolPage }));

const ModulesPage = lazy(async () => ({
  default: (await import('./modules/hooks/ModulesPage')).ModulesPage,
}));

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage });

/** A page of ours: a link must not send somebody who signs in to another site. */
const ownPath = z
  .string()
  .regex(/^\/(?![/\\])/)
  .optional()
  .catch(undefined);

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({ to: ownPath, error: z.string().max(100).optional().catch(undefined) }),
  component: SignInPage,
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  validateSearch: z.object({ to: ownPath }),
  component: SignedInPage,
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./modules/auth/SetUpPage'), 'SetUpPage'),
});

const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./modules/auth/ForgotPage'), 'ForgotPage'),
});

const linkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/link',
  component: lazyRouteComponent(() => import('./modules/auth/LinkPage'), 'LinkPage'),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (currentAccount()) return;
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./modules/home/HomePage'), 'HomePage'),
});

const classesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/classes',
  component: lazyRouteComponent(() => import('./modules/classes/ClassesPage'), 'ClassesPage'),
});

const classRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/classes/$classId',
  validateSearch: z.object({ find: z.string().optional().catch(undefined) }),
  component: function ClassRoute() {
    const id = classId.safeParse(classRoute.useParams().classId);
    const { find } = classRoute.useSearch();
    if (!id.success) return <NotFoundPage />;
    return <ClassPage key={`${id.data} ${find ?? ''}`} classId={id.data} find={find} />;
  },
});

const toolsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tools',
  component: lazyRouteComponent(() => import('./modules/tools/ToolsPage'), 'ToolsPage'),
});

const newToolRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tools/new',
  component: lazyRouteComponent(() => import('./modules/tools/NewToolPage'), 'NewToolPage'),
});

const toolRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tools/$toolId',
  staticData: { layout: 'pane' },
  component: function ToolRoute() {
    const id = toolId.safeParse(toolRoute.useParams().toolId);
    return id.success ? <ToolPage toolId={id.data} /> : <NotFoundPage />;
  },
});

const assignmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/assignments/$assignmentId',
  staticData: { layout: 'chat' },
  component: function AssignmentRoute() {
    const id = assignmentId.safeParse(assignmentRoute.useParams().assignmentId);
    return id.success ? <ChatPage key={id.data} assignmentId={id.data} /> : <NotFoundPage />;
  },
});

const tryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/try/$toolVersionId',
  staticData: { layout: 'chat' },
  component: function TryRoute() {
    const id = toolVersionId.safeParse(tryRoute.useParams().toolVersionId);
    return id.success ? <ChatPage key={id.data} toolVersionId={id.data} /> : <NotFoundPage />;
  },
});

const formRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/forms/$assignmentId',
  component: function FormRoute() {
    const id = assignmentId.safeParse(formRoute.useParams().assignmentId);
    return id.success ? <FormPage key={id.data} assignmentId={id.data} /> : <NotFoundPage />;
  },
});

const tryFormRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/try-form/$toolVersionId',
  component: function TryFormRoute() {
    const id = toolVersionId.safeParse(tryFormRoute.useParams().toolVersionId);
    return id.success ? <FormPage key={id.data} toolVersionId={id.data} /> : <NotFoundPage />;
  },
});

const resultsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/results',
  validateSearch: z.object({
    classId: classId.optional().catch(undefined),
    assignmentId: assignmentId.optional().catch(undefined),
  }),
  component: function ResultsRoute() {
    return <ResultsPage {...resultsRoute.useSearch()} />;
  },
});

const resultRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/results/$runId',
  component: function ResultRoute() {
    const id = runId.safeParse(resultRoute.useParams().runId);
    return id.success ? <ResultPage key={id.data} runId={id.data} /> : <NotFoundPage />;
  },
});

const sessionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chats',
  validateSearch: z.object({ classId: classId.optional().catch(undefined) }),
  component: function SessionsRoute() {
    const search = sessionsRoute.useSearch();
    return <SessionsPage classId={search.classId} />;
  },
});

const transcriptRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chats/$chatSessionId',
  staticData: { layout: 'chat' },
  component: function TranscriptRoute() {
    const id = chatSessionId.safeParse(transcriptRoute.useParams().chatSessionId);
    return id.success ? <TranscriptPage key={id.data} chatSessionId={id.data} /> : <NotFoundPage />;
  },
});

const replayRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/chats/$chatSessionId/replay',
  component: function ReplayRoute() {
    const id = chatSessionId.safeParse(replayRoute.useParams().chatSessionId);
    return id.success ? <ReplayPage key={id.data} chatSessionId={id.data} /> : <NotFoundPage />;
  },
});

const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs',
  component: lazyRouteComponent(() => import('./modules/runs/RunsPage'), 'RunsPage'),
});

const usageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/usage',
  component: lazyRouteComponent(() => import('./modules/usage/UsagePage'), 'UsagePage'),
});

const linksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sign-in-links',
  component: lazyRouteComponent(() => import('./modules/auth/LinksPage'), 'LinksPage'),
});

const signInsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sign-ins',
  validateSearch: z.object({ userId: userId.optional().catch(undefined) }),
  component: function SignInsRoute() {
    const search = signInsRoute.useSearch();
    return <SignInsPage userId={search.userId} />;
  },
});

const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  component: lazyRouteComponent(() => import('./modules/people/PeoplePage'), 'PeoplePage'),
});

const groupsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/groups',
  component: lazyRouteComponent(() => import('./modules/groups/GroupsPage'), 'GroupsPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  component: lazyRouteComponent(() => import('./modules/audit/AuditPage'), 'AuditPage'),
});

const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('./modules/notifications/NotificationsPage'),
    'NotificationsPage',
  ),
});

const rostersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rosters',
  component: lazyRouteComponent(() => import('./modules/rosters/RostersPage'), 'RostersPage'),
});

const rosterSourceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rosters/$rosterSourceId',
  component: function RosterSourceRoute() {
    const id = rosterSourceId.safeParse(rosterSourceRoute.useParams().rosterSourceId);
    return id.success ? <RosterSourcePage key={id.data} rosterSourceId={id.data} /> : <NotFoundPage />;
  },
});

const rosterRunRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/rosters/$rosterSourceId/$rosterRunId',
  component: function RosterRunRoute() {
    const id = rosterRunId.safeParse(rosterRunRoute.useParams().rosterRunId);
    return id.success ? <RosterRunPage key={id.data} rosterRunId={id.data} /> : <NotFoundPage />;
  },
});

const modulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/modules',
  validateSearch: z.object({ toolId: toolId.optional().catch(undefined) }),
  component: function ModulesRoute() {
    const search = modulesRoute.useSearch();
    return <ModulesPage key={search.toolId} toolId={search.toolId} />;
  },
});

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./modules/auth/AccountPage'), 'AccountPage'),
});

const deviceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/device',
  component: lazyRouteComponent(() => import('./modules/settings/DevicePage'), 'DevicePage'),
});

const helpRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/help',
  component: lazyRouteComponent(() => import('./modules/settings/HelpPage'), 'HelpPage'),
});

const unknownRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '$',
  component: NotFoundPage,
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  signedInRoute,
  setUpRoute,
  forgotRoute,
  linkRoute,
  shellRoute.addChildren([
    homeRoute,
    classesRoute,
    classRoute,
    toolsRoute,
    newToolRoute,
    toolRoute,
    assignmentRoute,
    tryRoute,
    sessionsRoute,
    transcriptRoute,
    replayRoute,
    formRoute,
    tryFormRoute,
    resultsRoute,
    resultRoute,
    runsRoute,
    notificationsRoute,
    peopleRoute,
    groupsRoute,
    auditRoute,
    usageRoute,
    linksRoute,
    signInsRoute,
    rostersRoute,
    rosterSourceRoute,
    rosterRunRoute,
    modulesRoute,
    accountRoute,
    deviceRoute,
    helpRoute,
    unknownRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: SkeletonPage,
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
