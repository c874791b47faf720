import type { SignInPagePublic } from '@raptscallions/zod-schemas/me.zod';
import { useState } from 'react';
import { type DeviceContext, startProviderSignIn } from '../../api/auth';
import { Button } from '../../components/Button';
import { rememberDeviceKind } from './device_kind';

/** The ways in through somebody else's page; only those the school has set up. */
export function ProviderButtons({
  providers,
  device,
  to,
  blockedBecause,
  onFailure,
}: {
  providers: SignInPagePublic['providers'];
  device: DeviceContext;
  to: string;
  blockedBecause: string | null;
  onFailure: (failure: unknown) => void;
}) {
  const [going, setGoing] = useState<string | null>(null);
  if (providers.length === 0) return null;
  const go = async (id: string) => {
    if (going) return;
    setGoing(id);
    rememberDeviceKind(device);
    try {
      window.location.assign(await startProviderSignIn(id, device, to));
    } catch (failure) {
      setGoing(null);
      onFailure(failure);
    }
  };
  return (
    <div className="stack gap-2">
      <p className="small soft">or</p>
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          icon="key"
          className="full"
          blockedBecause={blockedBecause}
          aria-busy={going === id}
          onClick={() => void go(id)}
        >
          Sign in with {name}
        </Button>
      ))}
    </div>
  );
}
