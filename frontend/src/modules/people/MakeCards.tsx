import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { whenAllowed } from '../../api/when_allowed';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { saveFile } from '../../components/save_file';
import { toastRefused } from '../../components/toast';
import { type PrintedCard, PrintedCards } from '../auth/PrintedCards';

export type WithoutAddress = { userId: UserId; name: string; username: string };

/** First passwords for people no invitation can reach, each on a card; the passwords are kept nowhere else. */
export function MakeCards({ people }: { people: readonly WithoutAddress[] }) {
  const [cards, setCards] = useState<PrintedCard[]>([]);
  const [busy, setBusy] = useState(false);
  const [printing, setPrinting] = useState(false);
  const left = people.slice(cards.length);

  async function make() {
    const [first] = people;
    if (busy || !first) return;
    setBusy(true);
    try {
      const { schoolCode } = await api.auth.showSignIn({ userId: first.userId });
      for (const { userId, name, username } of left) {
        const password = makePassword();
        await withFreshSession(() => whenAllowed(() => api.auth.givePassword({ userId, password })));
        setCards((made) => [...made, { name, schoolCode, email: null, username, password }]);
      }
    } catch (failure) {
      if (!(failure instanceof ProofDeclined)) toastRefused(readFailure(failure));
    }
    setBusy(false);
  }

  function save() {
    const rows = cards.map(({ name, schoolCode, username, password }) => [
      name,
      schoolCode,
      username,
      password,
    ]);
    saveFile(
      'sign-in-cards.csv',
      'text/csv',
      writeCsv(['name', 'school code', 'username', 'password'], rows),
    );
  }

  return (
    <section aria-label="Sign-in cards" className="card pad stack">
      {left.length > 0 ? (
        <>
          <p>
            {countOf(people.length, 'person has', 'people have')} no address an invitation could go to. Give
            each a first password, on a card to cut out; or hand over their links, under Sign-in links.
          </p>
          <div className="row">
            <Button aria-busy={busy} icon="key" onClick={() => void make()}>
              {busy ? `${cards.length} of ${people.length} made` : 'Make sign-in cards'}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p role="status">
            {countOf(cards.length, 'card is', 'cards are')} made. Print or save them now: the passwords are
            shown nowhere else.
          </p>
          <div className="row wrap">
            <Button icon="file" onClick={() => setPrinting(true)}>
              Print
            </Button>
            <Button icon="download" onClick={save}>
              Save as CSV
            </Button>
          </div>
        </>
      )}
      {printing && <PrintedCards cards={cards} onDone={() => setPrinting(false)} />}
    </section>
  );
}
