import { type ReactNode, useEffect } from 'react';
import { Icon } from '../../components/Icon';
import { Mascot } from '../../components/Mascot';

/** A page in front of the app, with one question on it. */
export function Door({
  title,
  documentTitle = title,
  lead,
  problem,
  children,
}: {
  title: string;
  documentTitle?: string;
  lead?: ReactNode;
  /** over the form, for what belongs to no field of it */
  problem?: string | null;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${documentTitle} · Raptscallions`;
  }, [documentTitle]);
  return (
    <div className="gate alone">
      <main className="door" id="main">
        <span className="brand">
          <Mascot size={36} />
          Raptscallions
        </span>
        <div>
          <h1>{title}</h1>
          {lead && <p className="soft">{lead}</p>}
        </div>
        {problem && (
          <p className="banner alert" role="alert">
            <Icon name="warn" />
            <span>{problem}</span>
          </p>
        )}
        {children}
      </main>
    </div>
  );
}
