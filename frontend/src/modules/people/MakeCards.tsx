import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { useState } from 'react';
import type { Work } from '../../api/worklist';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Refusal } from '../../components/Refusal';
import { saveFile } from '../../components/save_file';
import { type PrintedCard, PrintedCards } from '../auth/PrintedCards';

export type WithoutAddress = { userId: UserId; name: string; username: string };

/**
 * First passwords for people no invitation can reach, each on a card. Every card that is made can be printed or saved
 * at once, whatever becomes of the others, since its password is kept nowhere else.
 */
export function MakeCards({
  people,
  cards,
  work: { outcomes, running, stopped },
  onMake,
  onStop,
  onKept,
}: {
  people: readonly WithoutAddress[];
  /** those made so far */
  cards: readonly PrintedCard[];
  work: Work<WithoutAddress, PrintedCard>;
  onMake: () => void;
  onStop: () => void;
  /** the cards are on paper or in a file */
  onKept: () => void;
}) {
  const [printing, setPrinting] = useState(false);
  const left = people.filter((person) => !outcomes.has(person)).length;
  const refused = people.flatMap((person) => {
    const outcome = outcomes.get(person);
    return outcome?.name === 'refused' ? [{ ...person, problem: outcome.problem }] : [];
  });

  function save() {
    const rows = cards.map((card) => [card.name, card.schoolCode, card.username, card.password]);
    const head = ['name', 'school code', 'username', 'password'];
    saveFile('sign-in-cards.csv', 'text/csv', writeCsv(head, rows));
    onKept();
  }

  return (
    <section aria-label="Sign-in cards" className="card pad stack">
      {cards.length === 0 && !running && left > 0 && (
        <p>
          {countOf(people.length, 'person has', 'people have')} no address an invitation could go to. Give
          each a first password, on a card to cut out; or hand over their links, under Sign-in links.
        </p>
      )}
      {running && <p>{`${cards.length} of ${people.length} made`}</p>}
      {!running && left > 0 && <Refusal>{stopped}</Refusal>}
      {!running && cards.length > 0 && (
        <p role="status">
          {countOf(cards.length, 'card is', 'cards are')} made. Print or save{' '}
          {cards.length === 1 ? 'it' : 'them'} now: the passwords are shown nowhere else.
        </p>
      )}
      {refused.length > 0 && (
        <ul aria-label="Without a card" className="list card">
          {refused.map(({ userId, name, problem }) => (
            <li key={userId}>
              <span className="grow break">
                <b>{name}</b>: {problem}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="row wrap">
        {running && (
          <Button icon="stop" onClick={onStop}>
            Stop making cards
          </Button>
        )}
        {!running && left > 0 && (
          <Button icon="key" onClick={onMake}>
            {cards.length === 0 ? 'Make sign-in cards' : `Make the other ${left}`}
          </Button>
        )}
        {!running && cards.length > 0 && (
          <>
            <Button icon="file" onClick={() => setPrinting(true)}>
              Print
            </Button>
            <Button icon="download" onClick={save}>
              Save as CSV
            </Button>
          </>
        )}
      </div>
      {printing && (
        <PrintedCards
          cards={cards}
          onDone={() => {
            setPrinting(false);
            onKept();
          }}
        />
      )}
    </section>
  );
}
