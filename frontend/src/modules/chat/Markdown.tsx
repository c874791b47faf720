import { Component, lazy, memo, type ReactNode, Suspense } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { finishTail } from './finish_tail';
import { limitDepth } from './limit_depth';
import { markdownParts } from './markdown_parts';
import { hasMath, normalizeMath } from './read_math';
import { splitBlocks } from './split_blocks';
import { wouldChoke } from './would_choke';

const MathBlock = lazy(() => import('./MathBlock'));

/** Every address comes to `checkLink` untouched: what it refuses is never a link. */
const keepUrl = (url: string) => url;

/**
 * Text of a model, shown as Markdown. It is untrusted: raw HTML stays text, pictures are never fetched,
 * links are checked and say where they lead, formulas can neither link nor grow without bound.
 * While `growing`, only the last part is parsed anew, and `tail` (the caret) follows it.
 */
export function Markdown({
  text,
  growing = false,
  tail,
}: {
  text: string;
  growing?: boolean;
  tail?: ReactNode;
}) {
  // A finished part never moves, so its place names it.
  const blocks = splitBlocks(text).map((block, place) => ({ key: `${place}`, block }));
  const last = blocks.at(-1);
  if (growing && last) last.block = finishTail(last.block);
  return (
    <>
      {blocks.map(({ key, block }) => (
        <Block key={key} text={block} />
      ))}
      {tail}
    </>
  );
}

const Block = memo(function Block({ text }: { text: string }) {
  if (wouldChoke(text)) return <p className="raw">{text}</p>;
  const source = normalizeMath(text);
  return (
    <PlainOnError text={text}>
      {hasMath(source) ? (
        <Suspense fallback={<PlainBlock text={source} />}>
          <MathBlock text={source} />
        </Suspense>
      ) : (
        <PlainBlock text={source} />
      )}
    </PlainOnError>
  );
});

function PlainBlock({ text }: { text: string }) {
  return (
    <ReactMarkdown
      components={markdownParts}
      rehypePlugins={[limitDepth]}
      remarkPlugins={[remarkGfm]}
      urlTransform={keepUrl}
    >
      {text}
    </ReactMarkdown>
  );
}

/** A text built to break the parser (ten thousand nested quotes) is shown as it was written. */
class PlainOnError extends Component<{ text: string; children: ReactNode }, { failedText: string | null }> {
  override state = { failedText: null };

  static getDerivedStateFromError() {
    return { failedText: '' };
  }

  override componentDidCatch() {
    this.setState({ failedText: this.props.text });
  }

  override render() {
    if (this.state.failedText === null) return this.props.children;
    return <p className="raw">{this.props.text}</p>;
  }
}
