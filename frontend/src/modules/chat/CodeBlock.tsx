import { type ReactNode, useRef } from 'react';
import type { ExtraProps } from 'react-markdown';
import { CopyButton } from '../../components/CopyButton';
import { useOverflow } from './use_overflow';

/** Code as it was written, with its language in a word and a button that copies it. */
export function CodeBlock({ node, children }: { node: ExtraProps['node']; children: ReactNode }) {
  const box = useRef<HTMLPreElement>(null);
  const overflows = useOverflow(box);
  return (
    <div className="codeblock">
      <div className="codehead">
        <span className="grow">{languageOf(node) ?? 'Code'}</span>
        <CopyButton label="Copy code" read={() => box.current?.textContent ?? ''} />
      </div>
      <pre ref={box} tabIndex={overflows ? 0 : undefined}>
        {children}
      </pre>
    </div>
  );
}

function languageOf(node: ExtraProps['node']): string | null {
  const code = node?.children[0];
  if (code?.type !== 'element') return null;
  const classes = code.properties.className;
  const name = Array.isArray(classes) ? classes.find((name) => String(name).startsWith('language-')) : null;
  return name ? String(name).slice('language-'.length, 40) : null;
}
