import type { ReactElement } from 'react';

/** Every drawing on a 24 by 24 grid; stroke and size come from the class `i` of the style sheet. */
const drawings = {
  archive: <path d="M4 5h16v4H4zM5.5 9v10.5h13V9M10 13h4" />,
  bell: <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4" />,
  chart: <path d="M4 20V4M4 20h16M8.5 16v-4M13 16V8M17.5 16v-6" />,
  chat: <path d="M4 5h16v11H11l-4.5 4v-4H4z" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  cloud: (
    <>
      <path d="M7.5 18.5a4.2 4.2 0 0 1-.6-8.4A5.5 5.5 0 0 1 17.4 11a3.8 3.8 0 0 1-.4 7.5z" />
      <path d="m9.5 14 2 2 3.2-3.5" />
    </>
  ),
  cloudoff: (
    <path d="M9 7.3A5.5 5.5 0 0 1 17.4 11a3.8 3.8 0 0 1 2.3 6.2M16 18.5H7.5a4.2 4.2 0 0 1-.9-8.3M4 4l16 16" />
  ),
  copy: <path d="M9 9h11v11H9zM5 15H4V4h11v1" />,
  device: <path d="M5 5h14v10.5H5zM2.5 19h19" />,
  dot: <circle cx="12" cy="12" r="5" fill="currentColor" stroke="none" />,
  down: <path d="m6 9.5 6 6 6-6" />,
  download: <path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15" />,
  edit: <path d="m5 19 .8-4L16 4.8a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L9 18.2z" />,
  eye: (
    <>
      <path d="M2.8 12S6 6 12 6s9.2 6 9.2 6-3.2 6-9.2 6-9.2-6-9.2-6z" />
      <circle cx="12" cy="12" r="2.6" />
    </>
  ),
  file: <path d="M6 3.5h8l4 4V20.5H6zM14 3.5v4h4" />,
  flag: <path d="M6 21V4.5M6 5c4-2 7 2 12 0v9c-5 2-8-2-12 0" />,
  help: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M9.6 9.6a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1.1.9-1.1 1.7M12 16.6v.1" />
    </>
  ),
  history: <path d="M4.5 12A7.5 7.5 0 1 0 7 6.5L4.5 9M4.5 4.5V9H9M12 8v4.5l3 1.5" />,
  home: <path d="M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-5.5h4V20" />,
  key: (
    <>
      <circle cx="8" cy="15" r="3.8" />
      <path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5" />
    </>
  ),
  knot: <path d="M5 12a3.5 3.5 0 1 1 6-2.5l2 5A3.5 3.5 0 1 0 19 12" />,
  left: <path d="m14.5 6-6 6 6 6" />,
  live: (
    <>
      <circle cx="12" cy="12" r="2" />
      <path d="M8 16a5.6 5.6 0 0 1 0-8M16 8a5.6 5.6 0 0 1 0 8M5 19A9.8 9.8 0 0 1 5 5M19 5a9.8 9.8 0 0 1 0 14" />
    </>
  ),
  lock: <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />,
  moon: <path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z" />,
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth="3" />,
  out: <path d="M13.5 4.5H5.5v15h8M10 12h10M16.5 8.5 20 12l-3.5 3.5" />,
  pause: <path d="M8.5 6v12M15.5 6v12" />,
  person: (
    <>
      <circle cx="12" cy="8" r="3.6" />
      <path d="M5 20.5c.4-4.3 3-6.5 7-6.5s6.6 2.2 7 6.5" />
    </>
  ),
  play: <path d="M8 5.5v13l10-6.5z" />,
  plus: <path d="M12 5v14M5 12h14" />,
  print: <path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z" />,
  refresh: <path d="M19.5 12a7.5 7.5 0 0 1-13.3 4.8M4.5 12a7.5 7.5 0 0 1 13.3-4.8M18 3.5v4h-4M6 20.5v-4h4" />,
  right: <path d="m9.5 6 6 6-6 6" />,
  school: <path d="M12 4 3 9l9 5 9-5zM6.5 11v5.5c1.5 1.5 3.3 2.2 5.5 2.2s4-.7 5.5-2.2V11M21 9v5" />,
  search: (
    <>
      <circle cx="10.8" cy="10.8" r="6.3" />
      <path d="m15.5 15.5 4.5 4.5" />
    </>
  ),
  send: <path d="M4.5 12 20 4.5 15 20l-3.5-6.5zM11.5 13.5 20 4.5" />,
  sigma: <path d="M17 7V5H7l5.5 7L7 19h10v-2" />,
  stop: <rect x="6.5" y="6.5" width="11" height="11" rx="1.5" fill="currentColor" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4" />
    </>
  ),
  task: <path d="M6 4.5h12V20H6zM9 3h6v3H9zM9 11h6M9 15h4" />,
  text: <path d="M5 7V5h14v2M12 5v14M9 19h6" />,
  tool: <path d="M4 5.5h16v13H4zM7.5 10l2.5 2-2.5 2M12.5 14.5H16" />,
  trash: <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5" />,
  undo: <path d="M8.5 5 4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11h-3" />,
  users: (
    <>
      <circle cx="9" cy="8.5" r="3.2" />
      <path d="M3 20c.3-3.6 2.7-5.6 6-5.6s5.7 2 6 5.6M15.5 5.6a3.2 3.2 0 0 1 0 5.9M17.5 14.8c2 .7 3.3 2.5 3.5 5.2" />
    </>
  ),
  warn: <path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.1" />,
  x: <path d="m6 6 12 12M18 6 6 18" />,
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof drawings;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(drawings, name);
}

/** A drawing beside a word. It is hidden from screen readers: the word or an `aria-label` speaks. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  const flips = name === 'left' || name === 'right';
  return (
    <svg
      className={['i', flips && 'flip', className].filter(Boolean).join(' ')}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
