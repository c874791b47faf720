import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { type CardWords, SignInCardWords } from './SignInCardWords';

export type PrintedCard = CardWords & { name: string };

/** Opens the print window for sign-in cards, one to cut out for each person; nothing else of the page is printed. */
export function PrintedCards({ cards, onDone }: { cards: readonly PrintedCard[]; onDone: () => void }) {
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    const end = () => done.current();
    document.body.classList.add('prints-cards');
    window.addEventListener('afterprint', end);
    window.print();
    return () => {
      window.removeEventListener('afterprint', end);
      document.body.classList.remove('prints-cards');
    };
  }, []);
  return createPortal(
    <div className="printed-cards">
      {cards.map((card) => (
        <section key={`${card.username ?? card.email} ${card.password}`}>
          <h2>{card.name}</h2>
          <p>{window.location.host}</p>
          <SignInCardWords {...card} />
        </section>
      ))}
    </div>,
    document.body,
  );
}
