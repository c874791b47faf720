import './hooks.css';
import type { ModulePlace } from '@raptscallions/zod-schemas/hook.zod';
import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { EmptyState } from '../../components/EmptyState';
import { NotLoaded } from '../../components/NotLoaded';
import { PageHead } from '../../components/PageHead';
import { SkeletonList } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { ModuleCard } from './ModuleCard';
import { ModuleLog } from './ModuleLog';

type Choice = { key: string; name: string; place: ModulePlace; mayFix: boolean };

/** Which modules read along, where, and how; for administrators, and for teachers about tools of their own. */
export function ModulesPage({ toolId }: { toolId?: Tool['toolId'] }) {
  const choices = useChoices(toolId);
  const [chosen, setChosen] = useState<string | null>(null);
  const choice = choices?.find(({ key }) => key === chosen) ?? choices?.[0];
  const me = useMe();
  return (
    <main className="main" id="main">
      <PageHead
        actions={
          choices &&
          choices.length > 1 && (
            <>
              <label className="sr" htmlFor="module-place">
                Place
              </label>
              <select
                className="input"
                id="module-place"
                onChange={({ target }) => setChosen(choices[target.selectedIndex]?.key ?? null)}
                value={choice?.key}
              >
                {choices.map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
            </>
          )
        }
        title="Modules"
      >
        They read along in chats: filters before anybody sees a message, and detectors that tell teachers.
      </PageHead>
      {choices && !choice && (
        <EmptyState level={2} title="Nothing to set">
          {me.known ? 'You look after no school, and own no tool.' : 'Your groups are still on their way.'}
        </EmptyState>
      )}
      {choice && <PlaceModules key={choice.key} mayFix={choice.mayFix} place={choice.place} />}
      {me.actor.adminGroupIds.length > 0 && <ModuleLog />}
    </main>
  );
}

/** The places the person may set modules in: the one that was asked for first, then from the top. */
function useChoices(toolId: Tool['toolId'] | undefined): Choice[] | undefined {
  const db = useLocalDb();
  const me = useMe();
  const tools = useLiveQuery(() => db.tools.toArray(), [db]);
  const classes = useLiveQuery(() => db.classes.toArray(), [db]);
  if (!tools || !classes) return undefined;
  const administered = new Set(me.actor.adminGroupIds);
  const groups = me.groups
    .filter(({ groupId }) => administered.has(groupId))
    .sort((a, b) => a.path.length - b.path.length || a.name.localeCompare(b.name));
  const ofGroups = groups.map(({ groupId, name }): Choice => {
    return { key: groupId, name, place: { kind: 'group', groupId }, mayFix: true };
  });
  const ofClasses = classes
    .filter(({ groupId }) => administered.has(groupId))
    .map(({ classId, name }): Choice => {
      return { key: classId, name: `Class ${name}`, place: { kind: 'class', classId }, mayFix: true };
    });
  const ofTools = tools.flatMap(({ toolId: id, name, groupId, ownerUserId }): Choice[] => {
    const mayFix = groupId !== null && administered.has(groupId);
    if (!mayFix && ownerUserId !== me.userId) return [];
    return [{ key: id, name: `Tool ${name}`, place: { kind: 'tool', toolId: id }, mayFix }];
  });
  const top = groups.find(({ parentGroupId }) => parentGroupId === null);
  const everywhere: Choice[] = top
    ? [{ key: 'everywhere', name: 'Everywhere', place: { kind: 'global' }, mayFix: true }]
    : [];
  const all = [...everywhere, ...ofGroups, ...ofClasses, ...ofTools];
  return all.sort((a, b) => Number(b.key === toolId) - Number(a.key === toolId));
}

function PlaceModules({ place, mayFix }: { place: ModulePlace; mayFix: boolean }) {
  const { state, reload } = useAnswer(() => api.hooks.list({ place }), JSON.stringify(place));
  if (state.name === 'loading') return <SkeletonList label="The modules are being fetched" />;
  if (state.name === 'failed') {
    return (
      <NotLoaded onRetry={() => void reload()}>
        Which modules there are is known to the server, which cannot be reached right now.
      </NotLoaded>
    );
  }
  const { items } = state.data;
  if (items.length === 0) {
    return (
      <EmptyState level={2} title="No modules">
        A folder that is put into the server’s folder “modules” appears here within a second.
      </EmptyState>
    );
  }
  return (
    <div className="modules">
      {items.map((summary) => (
        <ModuleCard
          // What was saved is the new beginning.
          key={`${summary.module} ${JSON.stringify(summary.own)}`}
          mayFix={mayFix}
          onSaved={() => void reload()}
          place={place}
          summary={summary}
        />
      ))}
    </div>
  );
}
