import { useEffect, useState } from 'react';
import { copyText } from './copy_text';
import { Icon } from './Icon';
import { toastRefused } from './toast';

/** Says "Copied" in its own words for a moment. */
export function CopyButton({ label, read }: { label: string; read: () => string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await copyText(read());
      setCopied(true);
    } catch {
      toastRefused('Not copied: this browser does not let the page use the clipboard.');
    }
  };
  return (
    <button className="btn quiet small" onClick={() => void copy()} type="button">
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </button>
  );
}
