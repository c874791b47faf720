import { NotHere } from '../../components/NotHere';

/** An address the app does not have. */
export function NotFoundPage() {
  return (
    <NotHere title="Nothing grows here" back="/" backLabel="Home">
      This address leads nowhere. It may have been typed wrong, or what stood here was taken away.
    </NotHere>
  );
}
