import { type EditorView, type GutterMarker, WidgetType } from '@codemirror/view';
import type { ToolProblem } from '@raptscallions/tool-yaml/tool_problem';

/** The message below the line it is about, with a button where there is a certain fix. */
export class ProblemWidget extends WidgetType {
  constructor(
    readonly problem: ToolProblem,
    /** colours the gutter beside it like the line above */
    readonly gutter: GutterMarker,
    /** null: the text cannot be changed */
    private readonly onFix: ((view: EditorView, problem: ToolProblem) => void) | null,
  ) {
    super();
  }

  /** The same words at another place may keep their element, except that a fix must be the present one. */
  override eq(other: ProblemWidget): boolean {
    return this.onFix === other.onFix && JSON.stringify(this.problem) === JSON.stringify(other.problem);
  }

  override toDOM(view: EditorView): HTMLElement {
    const { severity, line, column, message, fix } = this.problem;
    const box = document.createElement('div');
    box.className = `ed-message ed-message-${severity}`;
    const words = box.appendChild(document.createElement('p'));
    const place = words.appendChild(document.createElement('b'));
    place.textContent = `Line ${line}, column ${column}:`;
    words.append(` ${message}`);
    const { onFix } = this;
    if (fix && onFix) {
      const button = box.appendChild(document.createElement('button'));
      button.type = 'button';
      button.className = 'btn small';
      button.textContent = fix.label;
      button.addEventListener('click', () => onFix(view, this.problem));
    }
    return box;
  }

  /** Clicks and keys on the button are its own; elsewhere the message is as good as the text above it. */
  override ignoreEvent(event: Event): boolean {
    return event.target instanceof HTMLElement && event.target.closest('button') !== null;
  }

  override get estimatedHeight(): number {
    return 44;
  }
}
