import type { ReactNode } from 'react';

/** The one heading of a page, a sentence below it, and its actions at the end of the line. */
export function PageHead({
  title,
  above,
  children,
  actions,
}: {
  title: ReactNode;
  /** a path back, over the heading */
  above?: ReactNode;
  /** one sentence */
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="page-head">
      <div>
        {above && <p className="small above">{above}</p>}
        <h1>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
