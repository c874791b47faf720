export function VersionDiff({ before, after }: { before: string; after: string }) {
  return <pre className="diff">{before === after ? '' : after}</pre>;
}
