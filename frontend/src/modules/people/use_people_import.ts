import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { PersonRow } from '@raptscallions/zod-schemas/people_csv';
import { useRef, useState } from 'react';
import { api } from '../../api/client';
import { withFreshSession } from '../../api/fresh_session';
import { useWorklist } from '../../api/use_worklist';
import { whenAllowed } from '../../api/when_allowed';
import { useLocalDb } from '../../local_db/local_db_context';
import type { PrintedCard } from '../auth/PrintedCards';
import type { WithoutAddress } from './MakeCards';
import { findAdded } from './people.queries';

/** What becomes of a row: null for somebody an invitation reaches. */
type Added = WithoutAddress | null;

/** Adds the people of a file, and makes cards for those an invitation cannot reach: two lists, worked off in turn. */
export function usePeopleImport(rows: readonly PersonRow[]) {
  const db = useLocalDb();
  /** rows that were sent and not answered: the server may have done them */
  const unanswered = useRef(new Set<PersonRow>());
  const schoolCode = useRef<string | null>(null);
  const [kept, setKept] = useState(0);

  const adding = useWorklist<PersonRow, Added>(async (row, signal) => {
    const { line: _, ...person } = row;
    const { name, email, username } = person;
    const before = unanswered.current.has(row);
    unanswered.current.add(row);
    const added = before ? await findAdded(db, person) : undefined;
    const userId =
      added ?? (await withFreshSession(() => whenAllowed(() => api.auth.invite(person), signal))).userId;
    return email === undefined && username !== undefined ? { userId, name, username } : null;
  });

  const making = useWorklist<WithoutAddress, PrintedCard>(async ({ userId, name, username }, signal) => {
    schoolCode.current ??= (await api.auth.showSignIn({ userId })).schoolCode;
    const password = makePassword();
    await withFreshSession(() => whenAllowed(() => api.auth.givePassword({ userId, password }), signal));
    return { name, schoolCode: schoolCode.current, email: null, username, password };
  });

  const outcomes = rows.map((row) => adding.work.outcomes.get(row));
  const cardless = outcomes.flatMap((outcome) =>
    outcome?.name === 'done' && outcome.result ? [outcome.result] : [],
  );
  const cards = cardless.flatMap((person) => {
    const outcome = making.work.outcomes.get(person);
    return outcome?.name === 'done' ? [outcome.result] : [];
  });
  return {
    adding: {
      ...adding.work,
      added: outcomes.filter((outcome) => outcome?.name === 'done').length,
      left: outcomes.filter((outcome) => outcome === undefined).length,
      refused: outcomes.flatMap((outcome, at) =>
        outcome?.name === 'refused'
          ? [{ line: rows[at]?.line ?? 0, column: null, problem: outcome.problem }]
          : [],
      ),
    },
    addPeople: () => adding.run(rows),
    cardless,
    cards,
    making: making.work,
    makeCards: () => making.run(cardless),
    stop: () => {
      adding.stop();
      making.stop();
    },
    /** cards whose passwords stand on this screen and nowhere else */
    unsaved: cards.length - kept,
    keepCards: () => setKept(cards.length),
  };
}
