import { act } from 'react';
import { createRoot } from 'react-dom/client';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Runs a hook in a component of its own, for tests with `@vitest-environment jsdom`. `read`: what it gave last. */
export function mountHook<Props, Result>(useIt: (props: Props) => Result, first: NoInfer<Props>) {
  const results: Result[] = [];
  function Probe({ props }: { props: Props }) {
    results.push(useIt(props));
    return null;
  }
  const root = createRoot(document.createElement('div'));
  const render = (props: Props) => act(async () => root.render(<Probe props={props} />));
  return {
    mounted: render(first),
    render,
    read(): Result {
      const last = results.at(-1);
      if (last === undefined) throw new Error('it is not mounted yet');
      return last;
    },
    unmount: () => act(async () => root.unmount()),
  };
}
