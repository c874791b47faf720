import type { Session } from '@raptscallions/zod-schemas/auth.zod';
import type { ReactNode } from 'react';
import { Button } from '../../components/Button';
import { Icon } from '../../components/Icon';
import { TimeAgo } from '../../components/TimeAgo';

/** A browser somebody is signed in with, as a line of a list, and the way to end it where there is one. */
export function SessionLine({
  session,
  title,
  end,
}: {
  session: Omit<Session, '__type'>;
  title: ReactNode;
  end?: { label: string; busy: boolean; onPress: () => void } | undefined;
}) {
  return (
    <li>
      <Icon name="device" />
      <div className="grow">
        <div className="row flex-wrap gap-y-0">{title}</div>
        <p className="small soft break">
          On {kinds[session.deviceContext]}, from {session.address ?? 'an unknown address'}. Last used{' '}
          <TimeAgo ms={session.lastSeenAt} />.
        </p>
      </div>
      {end && (
        <Button small aria-label={end.label} aria-busy={end.busy} onClick={end.onPress}>
          Sign out
        </Button>
      )}
    </li>
  );
}

const kinds: Record<Session['deviceContext'], string> = {
  personal: 'a personal device',
  shared: 'a shared device',
  unknown: 'a device nothing was said about',
};
