import 'katex/dist/katex.min.css';
import ReactMarkdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { limitDepth } from './limit_depth';
import { markdownParts } from './markdown_parts';

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

/** A part of a text with formulas in it: a module of its own, so that KaTeX loads with the first formula. */
export default function MathBlock({ text }: { text: string }) {
  return (
    <ReactMarkdown
      components={markdownParts}
      rehypePlugins={[limitDepth, [rehypeKatex, katexOptions]]}
      remarkPlugins={[remarkGfm, remarkMath]}
      urlTransform={(url) => url}
    >
      {text}
    </ReactMarkdown>
  );
}
