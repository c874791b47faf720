/** `wink` greets, `plain` waits, `glad` has nothing to do, `asleep` was never on this device. */
export type MascotMood = 'wink' | 'plain' | 'glad' | 'asleep';

const faces = {
  wink: (
    <>
      <circle className="dot" cx="12.7" cy="20.6" r="1.35" />
      <path className="face" d="M17.2 20.9q1.6-1.7 3.2 0M13.2 24.3q3 2.3 5.4-.5" />
    </>
  ),
  plain: (
    <>
      <circle className="dot" cx="13.4" cy="20" r="1.35" />
      <circle className="dot" cx="19.2" cy="20" r="1.35" />
      <path className="face" d="M14.6 24.4h3.4" />
    </>
  ),
  glad: (
    <>
      <circle className="dot" cx="12.9" cy="20.2" r="1.35" />
      <circle className="dot" cx="19.1" cy="20.2" r="1.35" />
      <path className="face" d="M12.8 23.4q3.2 3.4 6.4 0" />
    </>
  ),
  asleep: <path className="face" d="M11.3 20.6q1.5 1.4 3 0M17.5 20.6q1.5 1.4 3 0M15 24.3q1 .7 2 0" />,
};

/** The scallion. Never beside a safety alert. `size` in px. */
export function Mascot({ mood = 'wink', size = 30 }: { mood?: MascotMood; size?: number }) {
  return (
    <svg
      className="mascot"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path
        className="leaf"
        strokeWidth="2.6"
        d="M14.6 14C14.2 9.5 12.5 6 8.5 4.6M16 13.5C15.8 9 16 5 17 1.8M17.5 14c.5-3.5 2.6-6 6.6-6.6"
      />
      <path className="root" strokeWidth="1.1" d="M13.8 28.5l-.8 2.2M16 29v2.4M18.2 28.5l.8 2.2" />
      <path
        className="bulb"
        strokeWidth="1.8"
        d="M16 13c1.5 0 2.3.4 3.3 1.2 2.7 1.6 4.7 4 4.7 7 0 4.6-3.4 7.7-8 7.7s-8-3.1-8-7.7c0-3 2-5.4 4.7-7C13.7 13.4 14.5 13 16 13z"
      />
      <g strokeWidth="1.5">{faces[mood]}</g>
      {mood === 'asleep' && (
        <path className="leaf" strokeWidth="1.2" d="M26.4 12.6h3l-3 3.2h3M27.6 6.8h2.2l-2.2 2.4h2.2" />
      )}
    </svg>
  );
}
