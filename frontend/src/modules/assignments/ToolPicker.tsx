import type { Tool } from '@raptscallions/zod-schemas/tool.zod';
import { useId, useState } from 'react';
import { fold } from '../../components/fold';
import { SearchBox } from '../../components/SearchBox';
import type { ToolChoice } from './assignment.queries';

/** One of the published tools; past six of them a box to search in appears. */
export function ToolPicker({
  choices,
  value,
  onChange,
}: {
  choices: readonly ToolChoice[];
  value: Tool['toolId'] | null;
  onChange: (toolId: Tool['toolId']) => void;
}) {
  const [search, setSearch] = useState('');
  const name = useId();
  const found = choices.filter(({ version }) =>
    fold(`${version.name} ${version.subject ?? ''}`).includes(fold(search.trim())),
  );
  return (
    <fieldset className="stack gap-2">
      <legend className="label mb-2">Tool</legend>
      {choices.length > 6 && <SearchBox label="Find a tool" value={search} onChange={setSearch} />}
      <div className="picks">
        {found.map(({ tool, version }) => (
          <label className="pick" key={tool.toolId}>
            <input
              type="radio"
              name={name}
              checked={value === tool.toolId}
              onChange={() => onChange(tool.toolId)}
            />
            <span>
              <b className="text-ink">{version.name}</b>
              {[version.version, version.subject, version.description].filter(Boolean).join(', ')}
            </span>
          </label>
        ))}
        {found.length === 0 && <p className="soft">No published tool is called “{search}”.</p>}
      </div>
    </fieldset>
  );
}
