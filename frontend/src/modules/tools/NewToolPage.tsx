import { mayMakeTools } from '@raptscallions/policies/ability';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { NotHere } from '../../components/NotHere';
import { PageHead } from '../../components/PageHead';
import { useMe } from '../auth/me_context';
import { exampleTools } from './example_tools';
import { useMakeTool } from './use_make_tool';

/** Where a tool begins: with an example that works, or a blank page. */
export function NewToolPage() {
  const me = useMe();
  const make = useMakeTool();
  const groups = me.groups.filter((group) => me.actor.staffGroupIds.includes(group.groupId));
  const usual = groups.find((group) => group.kind === 'school') ?? groups[0];
  const [groupId, setGroupId] = useState(usual?.groupId ?? null);
  const group = groups.find((row) => row.groupId === groupId) ?? usual;
  if (!mayMakeTools(me.actor)) {
    return (
      <NotHere title="Tools are made by teachers" back="/" backLabel="Home">
        You can use every tool your classes are given.
      </NotHere>
    );
  }
  return (
    <main className="main" id="main">
      <PageHead title="New tool" above={<Link to="/tools">Tools</Link>}>
        Start from one that works and change what you like. Nobody but you sees it until you publish it.
      </PageHead>
      {groups.length > 1 && (
        <div className="group-choice">
          <Field label="For" hint="Its colleagues can use the tool once it is published.">
            {(control) => (
              <select
                {...control}
                className="input"
                value={group?.groupId ?? ''}
                onChange={(event) =>
                  setGroupId(groups.find((row) => row.groupId === event.target.value)?.groupId ?? null)
                }
              >
                {groups.map((row) => (
                  <option key={row.groupId} value={row.groupId}>
                    {row.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      <ul className="examples">
        {exampleTools.map((example) => (
          <li className="card pad" key={example.key}>
            <h2>{example.title}</h2>
            <p className="soft">{example.note}</p>
            <pre className="peek code" aria-hidden="true">
              {example.yaml}
            </pre>
            <Button
              look={example.key === 'explainer' ? 'primary' : undefined}
              aria-label={`Start from ${example.title}`}
              onClick={() =>
                group &&
                void make({
                  yaml: example.yaml,
                  name: example.key === 'blank' ? 'My tool' : example.title,
                  groupId: group.groupId,
                })
              }
            >
              {example.key === 'blank' ? 'Start empty' : 'Start from this'}
            </Button>
          </li>
        ))}
      </ul>
    </main>
  );
}
