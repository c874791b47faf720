import type { Components } from 'react-markdown';
import { CodeBlock } from './CodeBlock';
import { checkLink } from './check_link';
import { TableBox } from './TableBox';

/** How each element of a model's Markdown is drawn. Headings start at h3: the page has its own h1 and h2. */
export const markdownParts: Components = {
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h5>{children}</h5>,
  h6: ({ children }) => <h5>{children}</h5>,
  a({ href, children }) {
    const link = checkLink(href);
    if (!link) return <>{children}</>;
    const shown = typeof children === 'string' ? children : '';
    return (
      <>
        <a href={link.href} rel="noopener noreferrer nofollow" target="_blank">
          {children}
          <span className="sr"> (opens a new tab)</span>
        </a>
        {shown.includes(link.host) ? null : <span className="host"> ({link.host})</span>}
      </>
    );
  },
  // A picture fetched from elsewhere would tell its server who reads, and could carry words out with it.
  img: ({ alt }) => <span className="nopic">{alt ? `${alt} (picture not shown)` : 'picture not shown'}</span>,
  pre: ({ node, children }) => <CodeBlock node={node}>{children}</CodeBlock>,
  table: ({ children }) => <TableBox>{children}</TableBox>,
  input: ({ checked }) => (
    <>
      <span aria-hidden="true">{checked ? '☑' : '☐'}</span>
      <span className="sr">{checked ? 'done:' : 'to do:'}</span>
    </>
  ),
};
