import { Button } from '../../components/Button';
import { Mascot } from '../../components/Mascot';

/** In place of the app where a browser stores nothing for it: without its rows there is nothing to show. */
export function NothingKept() {
  return (
    <main className="empty leaving" id="main">
      <Mascot mood="asleep" size={88} />
      <h1>This browser keeps nothing here</h1>
      <p className="soft">
        Raptscallions keeps your work in the browser, so that it opens without a network. This browser does
        not let it: perhaps this is a private window, or storing data is switched off for this address. Allow
        it, or use another browser. Nothing was sent or lost.
      </p>
      <Button look="primary" icon="refresh" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </main>
  );
}
