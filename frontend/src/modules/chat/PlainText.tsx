import { memo } from 'react';
import { Markdown } from './Markdown';
import { normalizeMath } from './read_math';

/** A formula on one line, in text that `normalizeMath` went over. */
const formula = /(\$\$[^$\n]+\$\$|(?<!\\)\$[^$\n]+\$)/;

/**
 * What a person typed, shown as typed: `2*3*4` is no emphasis and "1." no list. Only formulas between
 * dollars are set, since there is a button that writes them.
 */
export const PlainText = memo(function PlainText({ text }: { text: string }) {
  if (!text.includes('$')) return <p className="raw">{text}</p>;
  const parts = normalizeMath(text)
    .split(formula)
    .map((part, place) => ({ key: `${place}`, part, isFormula: place % 2 === 1 }));
  return (
    <div className="raw">
      {parts.map(({ key, part, isFormula }) =>
        isFormula ? (
          <span className="inline" key={key}>
            <Markdown text={part} />
          </span>
        ) : (
          part.replaceAll('\\$', '$')
        ),
      )}
    </div>
  );
});
