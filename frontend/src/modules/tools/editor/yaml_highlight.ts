import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const style = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--code-key)', fontWeight: '500' },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: 'var(--code-str)' },
  { tag: tags.lineComment, color: 'var(--code-com)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.meta, tags.typeName, tags.labelName], color: 'var(--code-com)' },
]);

const number = Decoration.mark({ class: 'ed-number' });
/** Versions are written in numbers and read as such, though to YAML they are text. */
const countable = /^(?:true|false|null|~|[-+]?\d[\d.]*)$/;

/** The grammar calls every unquoted value a literal; this finds those that are numbers and truths. */
class Numbers {
  decorations: DecorationSet;
  private tree;

  constructor(view: EditorView) {
    this.tree = syntaxTree(view.state);
    this.decorations = this.find(view);
  }

  update({ view, docChanged, viewportChanged }: ViewUpdate): void {
    const tree = syntaxTree(view.state);
    if (!docChanged && !viewportChanged && tree === this.tree) return;
    this.tree = tree;
    this.decorations = this.find(view);
  }

  private find(view: EditorView): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of view.visibleRanges) {
      this.tree.iterate({
        from,
        to,
        enter: (node) => {
          if (node.name === 'Key') return false;
          if (node.name !== 'Literal' || node.to - node.from > 20) return true;
          if (countable.test(view.state.sliceDoc(node.from, node.to)))
            builder.add(node.from, node.to, number);
          return true;
        },
      });
    }
    return builder.finish();
  }
}

/** YAML in the colours of our tokens, which follow light and dark by themselves. */
export function yamlHighlight(): Extension {
  return [
    yaml(),
    syntaxHighlighting(style),
    ViewPlugin.fromClass(Numbers, { decorations: (plugin) => plugin.decorations }),
    EditorView.baseTheme({ '.ed-number, .ed-number > span': { color: 'var(--code-num)' } }),
  ];
}
