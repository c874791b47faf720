import { Icon } from './Icon';

/** Why something did not work, in words, said aloud when it comes; nothing while there is no reason to. */
export function Refusal({ children }: { children: string | null | undefined }) {
  if (!children) return null;
  return (
    <p className="small tone-alert note" role="alert">
      <Icon name="warn" />
      <span>{children}</span>
    </p>
  );
}
