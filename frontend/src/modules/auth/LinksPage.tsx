import type { SignInLink } from '@raptscallions/zod-schemas/auth.zod';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import { CopyButton } from '../../components/CopyButton';
import type { Column } from '../../components/DataTable';
import type { IconName } from '../../components/Icon';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
import { TimeAgo } from '../../components/TimeAgo';

const purposes = { invitation: 'Invitation', reset: 'New password', verification: 'New address' };

/** What was sent to people so that they can sign in; where nothing sends mail, what to hand over to them. */
export function LinksPage() {
  const pages = usePages(api.auth.listLinks, {});
  const kept = pages.state.name === 'loaded' && pages.state.items.some(({ link }) => link !== null);
  return (
    <main className="main" id="main">
      <PageHead
        title="Sign-in links"
        actions={
          <Button icon="refresh" onClick={pages.reload}>
            Refresh
          </Button>
        }
      >
        Invitations, new passwords and new addresses of the people you look after. Each link works once.
      </PageHead>
      {kept && (
        <p className="banner warm mb-4">
          <span>
            <b>Some links wait for you to hand them over:</b> there is no mail server, or the person has no
            address. Whoever has a link can be that person, so give it to nobody else.
          </span>
        </p>
      )}
      <PagedTable
        empty={{
          title: 'No links',
          words: 'Nobody has been invited or has asked for a new password in the last month.',
        }}
        fetching="The links are being fetched"
        pages={pages}
        columns={columns}
        label="Sign-in links"
        rowKey={({ signInLinkId }) => signInLinkId}
      />
    </main>
  );
}

function describe({ state, delivery, problem }: SignInLink): { word: string; icon: IconName; tone?: Tone } {
  if (state === 'used') return { word: 'Used', icon: 'check', tone: 'green' };
  if (state === 'expired') return { word: 'Too old', icon: 'clock' };
  if (delivery === 'kept') return { word: 'Hand over', icon: 'flag', tone: 'warm' };
  if (delivery === 'sent') return { word: 'Sent', icon: 'send' };
  return problem === null
    ? { word: 'Being sent', icon: 'clock', tone: 'wait' }
    : { word: 'Not accepted', icon: 'warn', tone: 'alert' };
}

const columns: Column<SignInLink>[] = [
  {
    key: 'person',
    head: 'Person',
    cell: ({ person, email }) => (
      <>
        {person}
        <span className="small muted block">{email ?? 'no address'}</span>
      </>
    ),
  },
  { key: 'purpose', head: 'For', wideOnly: true, cell: ({ purpose }) => purposes[purpose] },
  {
    key: 'state',
    head: 'State',
    cell: (row) => {
      const { word, icon, tone } = describe(row);
      return (
        <>
          <Chip icon={icon} tone={tone}>
            {word}
          </Chip>
          {row.problem && row.state === 'open' && <span className="small muted"> {row.problem}</span>}
        </>
      );
    },
  },
  { key: 'made', head: 'Made', cell: ({ createdAt }) => <TimeAgo ms={createdAt} /> },
  {
    key: 'link',
    head: 'Link',
    cell: ({ link }) => (link === null ? '–' : <CopyButton label="Copy link" read={() => link} />),
  },
];
