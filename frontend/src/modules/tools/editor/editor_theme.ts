import { EditorView } from '@codemirror/view';

const control = {
  font: '600 var(--t-13)/1.4 var(--font-body)',
  color: 'var(--ink)',
  background: 'var(--surface)',
  border: '1px solid var(--line-strong)',
  borderRadius: 'var(--r-m)',
};

/**
 * What CodeMirror draws, in our tokens. It stands here and not in the style sheet because CodeMirror puts
 * its own rules behind every style sheet, where they would win.
 */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', background: 'var(--surface)', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: '400 var(--t-13)/1.62 var(--font-code)', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s-2) 0', caretColor: 'var(--ink)', minWidth: '0' },
  // The ring stands around the whole editor, which scrolls under it.
  '.cm-content:focus-visible': { boxShadow: 'none', outline: 'none' },
  '.cm-line': { padding: '0 var(--s-4) 0 0' },
  '.cm-gutters': { background: 'transparent', border: '0', color: 'var(--ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '3rem', padding: '0 var(--s-4) 0 var(--s-2)' },
  '.cm-activeLine:not(.ed-line)': { background: 'transparent' },
  '.cm-line.ed-line-error, .cm-gutterElement.ed-gutter-error': { background: 'var(--alert-soft)' },
  '.cm-line.ed-line-warning, .cm-gutterElement.ed-gutter-warning': { background: 'var(--warm-soft)' },
  '&.cm-focused .cm-activeLine:not(.ed-line)': { background: 'var(--sunken)' },
  '.cm-activeLineGutter:not(.ed-gutter)': { background: 'transparent' },
  '&.cm-focused .cm-activeLineGutter:not(.ed-gutter)': { color: 'var(--ink)' },
  '.cm-content ::selection, .cm-content::selection': { background: 'var(--green-line)', color: 'var(--ink)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'var(--green-soft)',
    outline: '1px solid var(--green-line)',
  },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { background: 'transparent' },
  '.cm-searchMatch': { background: 'var(--warm-soft)', outline: '1px solid var(--warm-line)' },
  '.cm-searchMatch-selected': { background: 'var(--warm-line)' },
  '.cm-specialChar': { color: 'var(--alert-text)' },
  '.cm-tooltip': {
    background: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--r-m)',
    boxShadow: 'var(--e-1)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    font: '400 var(--t-13)/1.5 var(--font-code)',
    maxHeight: '16rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: 'var(--s-1) var(--s-3)', color: 'var(--ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--green-soft)',
    color: 'var(--green-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': {
    fontFamily: 'var(--font-body)',
    fontStyle: 'normal',
    color: 'var(--ink-3)',
    marginInlineStart: 'var(--s-3)',
  },
  '.cm-panels': { background: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': {
    padding: 'var(--s-2) var(--s-8) var(--s-2) var(--s-3)',
    font: '400 var(--t-13)/1.4 var(--font-body)',
  },
  '.cm-panel.cm-search label': { fontSize: 'var(--t-13)' },
  '.cm-panel.cm-search [name=close]': { fontSize: 'var(--t-20)', color: 'var(--ink-2)', right: 'var(--s-2)' },
  '.cm-textfield': { ...control, fontWeight: '400', padding: 'var(--s-1) var(--s-2)' },
  '.cm-button': { ...control, backgroundImage: 'none', padding: 'var(--s-1) var(--s-3)' },
});
