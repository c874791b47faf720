import { SkeletonBar } from '../../components/Skeleton';

/** A conversation as it will be. */
export function ThreadSkeleton() {
  return (
    <div aria-busy="true" className="sk-thread">
      <p className="sr">Loading the conversation</p>
      <div className="sk sk-mine" />
      <div className="stack sk-lines">
        <SkeletonBar width="30%" />
        <SkeletonBar width="86%" />
        <SkeletonBar width="64%" />
      </div>
      <div className="sk sk-mine short" />
    </div>
  );
}

/** The whole page as it will be. */
export function ChatSkeleton() {
  return (
    <main aria-busy="true" className="chat" id="main">
      <header className="chead">
        <div className="grow stack sk-lines">
          <SkeletonBar height="1.5rem" width="16rem" />
          <SkeletonBar width="24rem" />
        </div>
      </header>
      <div className="seen" />
      <section className="scroll">
        <div className="thread">
          <ThreadSkeleton />
        </div>
      </section>
      <footer className="cfoot">
        <div className="composer sk-composer" />
      </footer>
    </main>
  );
}
