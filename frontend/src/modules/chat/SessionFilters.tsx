import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { useId } from 'react';
import { Icon, type IconName } from '../../components/Icon';
import { SearchBox } from '../../components/SearchBox';
import { ToggleGroup } from '../../components/ToggleGroup';
import type { StateFilter } from './filter_sessions';

const states: { value: StateFilter; word: string; icon?: IconName; tone?: string }[] = [
  { value: 'all', word: 'All' },
  { value: 'failed', word: 'Not answered', icon: 'warn', tone: 'tone-alert' },
  { value: 'active', word: 'Active', icon: 'dot', tone: 'tone-green' },
  { value: 'idle', word: 'Idle', icon: 'moon' },
  { value: 'completed', word: 'Finished', icon: 'check' },
];

/** Which of the chats are shown: by state with its count, by class, by name. */
export function SessionFilters({
  classes,
  counts,
  state,
  pickedClass,
  search,
  onState,
  onClass,
  onSearch,
}: {
  /** the choice is offered when there are two or more */
  classes: readonly { classId: ClassId; name: string }[];
  counts: Record<StateFilter, number>;
  state: StateFilter;
  pickedClass: ClassId | null;
  search: string;
  onState: (state: StateFilter) => void;
  onClass: (classId: ClassId | null) => void;
  onSearch: (search: string) => void;
}) {
  const id = useId();
  return (
    <div className="session-filters">
      <ToggleGroup
        label="Show"
        choices={states.map(({ value, word, icon, tone }) => ({
          value,
          label: (
            <>
              {icon && (
                <span className={tone}>
                  <Icon name={icon} />
                </span>
              )}
              {word} {counts[value]}
            </>
          ),
        }))}
        value={state}
        onChange={onState}
      />
      {classes.length > 1 && (
        <>
          <label className="sr" htmlFor={`${id}-class`}>
            Class
          </label>
          <select
            className="input"
            id={`${id}-class`}
            onChange={(event) =>
              onClass(classes.find((row) => row.classId === event.target.value)?.classId ?? null)
            }
            value={pickedClass ?? ''}
          >
            <option value="">All classes</option>
            {classes.map((row) => (
              <option key={row.classId} value={row.classId}>
                {row.name}
              </option>
            ))}
          </select>
        </>
      )}
      <SearchBox label="Find by name" onChange={onSearch} value={search} />
    </div>
  );
}
