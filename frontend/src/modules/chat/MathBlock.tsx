import 'katex/dist/katex.min.css';
import { type ReactNode, useRef } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { limitDepth } from './limit_depth';
import { markdownParts } from './markdown_parts';
import { useOverflow } from './use_overflow';

/**
 * `trust` off: no links, pictures or HTML attributes out of a formula. `maxSize` in em and `maxExpand` in
 * macro steps: else one line of TeX covers the page or hangs the tab.
 */
const katexOptions = {
  trust: false,
  maxSize: 10,
  maxExpand: 300,
  strict: 'ignore',
  errorColor: 'currentcolor',
} as const;

const mathParts: Components = {
  ...markdownParts,
  span: ({ node: _, className, ...rest }) =>
    className === 'katex-display' ? <FormulaBox {...rest} /> : <span className={className} {...rest} />,
};

/** A displayed formula scrolls in itself when it is wider than the text. */
function FormulaBox({ children }: { children?: ReactNode }) {
  const box = useRef<HTMLSpanElement>(null);
  const overflows = useOverflow(box);
  return (
    <span className="katex-display" ref={box} tabIndex={overflows ? 0 : undefined}>
      {children}
    </span>
  );
}

/** A part of a text with formulas in it: a module of its own, so that KaTeX loads with the first formula. */
export default function MathBlock({ text }: { text: string }) {
  return (
    <ReactMarkdown
      components={mathParts}
      rehypePlugins={[limitDepth, [rehypeKatex, katexOptions]]}
      remarkPlugins={[remarkGfm, remarkMath]}
      urlTransform={(url) => url}
    >
      {text}
    </ReactMarkdown>
  );
}
